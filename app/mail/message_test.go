package mail_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// written sends an envelope to files, and returns the contents of the file.
func written(t *testing.T, e mail.Envelope) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mail")
	if err := mail.NewFiles(dir, slog.New(slog.DiscardHandler)).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(names) != 1 {
		t.Fatalf("got the files %q, %v; want one, no error", names, err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestHeaders checks that text in a name or a subject cannot add headers, and that it can be read back, with blanks for
// line breaks and the like.
func TestHeaders(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("Zoë is invited ", 30))
	for text, want := range map[string]string{
		"Ann":                                "Ann",
		"Jörg Müller":                        "Jörg Müller",
		"山田 太郎":                              "山田 太郎",
		`O'Neil, "Bob" <x>`:                  `O'Neil, "Bob" <x>`,
		"a\\b; c:d":                          "a\\b; c:d",
		"Ann\r\nBcc: eve@example.org":        "Ann Bcc: eve@example.org",
		"Ann\nX: y":                          "Ann X: y",
		"Ann\rX: y":                          "Ann X: y",
		"Ann\u2028X: y\u0085Z: a\vb\x00c":    "Ann X: y Z: a b c",
		"Ann\r\n\r\n<html>":                  "Ann <html>",
		"=?utf-8?q?Ann=0D=0ABcc:_e@x.org?= ": "= ?utf-8?q?Ann=0D=0ABcc:_e@x.org?=",
		"a\xffb":                             "a\uFFFDb",
		long:                                 long,
	} {
		e := envelope("ann@example.org")
		e.To.Name, e.From.Name, e.Content.Subject = text, text, text
		m := read(t, written(t, e))
		names := make([]string, 0, len(m.Header))
		for name := range m.Header {
			names = append(names, name)
		}
		slices.Sort(names)
		const headers = "Auto-Submitted Content-Transfer-Encoding Content-Type Date From Message-Id Mime-Version Subject To"
		if got := strings.Join(names, " "); got != headers {
			t.Errorf("%q: the headers are %s, want %s", text, got, headers)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != want {
			t.Errorf("%q: the subject is %q, %v; want %q, no error", text, subject, err, want)
		}
		for _, field := range []string{"From", "To"} {
			list, err := m.Header.AddressList(field)
			if err != nil || len(list) != 1 || list[0].Name != want {
				t.Errorf("%q: %s is %v, %v; want one with the name %q, no error", text, field, list, err, want)
			}
		}
	}
}

func TestOddAddresses(t *testing.T) {
	t.Parallel()
	s := serveSMTP(t, false)
	transport, err := mail.NewSMTP("smtp://" + s.host)
	if err != nil {
		t.Fatal(err)
	}
	addresses := []string{"o'neil+a=b@example.org", "#!$%&*-/?^_`{|}~@example.org", "jörg@example.org",
		"ann@xn--bcher-kva.example", "a.b.c@example.org"}
	for _, address := range addresses {
		if err := transport.Send(t.Context(), envelope(address)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	messages := s.messages()
	if len(messages) != len(addresses) {
		t.Fatalf("got %d messages, want %d", len(messages), len(addresses))
	}
	for i, got := range messages {
		to, err := netmail.ParseAddress(read(t, got.data).Header.Get("To"))
		if got.to != addresses[i] || err != nil || to.Address != addresses[i] {
			t.Errorf("sent to %s, and the mail says %v, %v; want %s in both", got.to, to, err, addresses[i])
		}
	}
}

func TestBothTexts(t *testing.T) {
	t.Parallel()
	e := envelope("ann@example.org")
	e.Content.Text, e.Content.HTML = "Grüße\n.\n"+strings.Repeat("long ", 500), "<p>Grüße</p>\n"
	m := read(t, written(t, e))
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if want := "multipart/alternative"; err != nil || kind != want {
		t.Fatalf("the mail is %q, %v; want %q, no error", kind, err, want)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, want := range [][2]string{{"text/plain; charset=UTF-8", e.Content.Text},
		{"text/html; charset=UTF-8", e.Content.HTML}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		if err != nil || part.Header.Get("Content-Type") != want[0] || string(text) != want[1] {
			t.Errorf("got %q: %q, %v; want %q: %q, no error", part.Header.Get("Content-Type"), text, err, want[0], want[1])
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	log := &apptest.Log{}
	dir := filepath.Join(t.TempDir(), "instance", "mail")
	e := envelope("ann@example.org")
	e.Content.Text = "Open\n\n    https://example.org/reset?code=abc\n\nsoon.\n"
	if err := mail.NewFiles(dir, slog.New(slog.NewTextHandler(log, nil))).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "20260203T120000-greeting-01234567.eml")
	if info, err := os.Stat(path); err != nil {
		t.Error(err)
	} else if got, want := info.Mode(), os.FileMode(0o600); got != want {
		t.Errorf("%s: got the mode %v, want %v", path, got, want)
	}
	for _, want := range []string{path, `link="https://example.org/reset?code=abc"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
	if err := mail.NewFiles(path, slog.New(slog.DiscardHandler)).Send(t.Context(), e); err == nil {
		t.Error("got no error for a file as the directory")
	}
}

// TestListUnsubscribe checks the headers in which mail programs find the link to unsubscribe. They may unsubscribe with
// one click only over https.
func TestListUnsubscribe(t *testing.T) {
	t.Parallel()
	const page = "://guestlist.example.org/a/long/path/so/that/the/line/is/longer/than/78/" +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ/unsubscribe"
	for link, want := range map[string][2]string{
		"https" + page: {"<https" + page + ">", "List-Unsubscribe=One-Click"},
		"http" + page:  {"<http" + page + ">", ""},
		"":             {},
	} {
		e := envelope("ann@example.org")
		e.Content.Unsubscribe = link
		header := read(t, written(t, e)).Header
		if got := [2]string{header.Get("List-Unsubscribe"), header.Get("List-Unsubscribe-Post")}; got != want {
			t.Errorf("%q: got %q, want %q", link, got, want)
		}
	}
}
