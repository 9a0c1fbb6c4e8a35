package mail_test

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"guestlist/app/mail"
	"guestlist/app/text"
)

func TestNewSMTPRefuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "smtp://", "smtp:canary", "canary", "http://canary", "smtp://canary:0x", "smtp://canary:70000",
		"smtp://user@canary",
		"smtp://:canary@host", "smtp://u:canary%zz@host", "smtp://canary/path", "smtp://canary#x", "smtp://canary?tls=maybe",
		"smtp://canary?ssl=off", "smtps://canary?tls=off", "smtps://canary?tls=required", "smtp://canary:-1",
		"smtp://canary:0", "smtp://canary:65536", "smtp://canary:99999999999999999999",
	} {
		if _, err := mail.NewSMTP(address); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error without %q", address, err, "canary")
		}
	}
}

func TestSMTP(t *testing.T) {
	t.Parallel()
	config, pool := certificate(t)
	withTLS := func(s *server) { s.TLSConfig = config }
	secureOnly := func(s *server) { s.TLSConfig, s.AllowInsecureAuth = config, false }
	const credentials = "ann:s3cret%2B%2F%3F@"
	for name, test := range map[string]struct {
		url      string // HOST is replaced by the server's address
		server   func(*server)
		distrust bool
		tls      bool
		user     string
		problem  string // empty if the mail is sent
	}{
		"plain":                       {url: "smtp://HOST"},
		"plain, slash":                {url: "smtp://HOST/"},
		"offered":                     {url: "smtp://HOST", server: withTLS, tls: true},
		"offered and unwanted":        {url: "smtp://HOST?tls=off", server: withTLS},
		"required":                    {url: "smtp://HOST?tls=required", server: withTLS, tls: true},
		"required, not offered":       {url: "smtp://HOST?tls=required", problem: "STARTTLS"},
		"distrusted":                  {url: "smtp://HOST", server: withTLS, distrust: true, problem: "certificate"},
		"implicit":                    {url: "smtps://HOST", server: withTLS, tls: true},
		"implicit, distrusted":        {url: "smtps://HOST", server: withTLS, distrust: true, problem: "certificate"},
		"signed in":                   {url: "smtp://" + credentials + "HOST", server: secureOnly, tls: true, user: "ann"},
		"signed in, implicit":         {url: "smtps://" + credentials + "HOST", server: secureOnly, tls: true, user: "ann"},
		"signed in, unwanted":         {url: "smtp://" + credentials + "HOST?tls=off", server: withTLS, user: "ann"},
		"credentials in the clear":    {url: "smtp://" + credentials + "HOST", problem: "STARTTLS"},
		"wrong password":              {url: "smtp://ann:canary@HOST", server: secureOnly, problem: "the server replied 535"},
		"wrong password, in the open": {url: "smtp://ann:canary@HOST?tls=off", problem: "the server replied 535"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.server == nil {
				test.server = func(*server) {}
			}
			s := serveSMTP(t, strings.HasPrefix(test.url, "smtps"), test.server)
			transport, err := mail.NewSMTP(strings.ReplaceAll(test.url, "HOST", s.host))
			if err != nil {
				t.Fatal(err)
			}
			if !test.distrust {
				transport.RootCAs = pool
			}
			err = transport.Send(t.Context(), envelope("bob@example.org"))
			got := s.messages()
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) || strings.Contains(err.Error(), "canary") ||
					errors.Is(err, mail.ErrRefused) {
					t.Errorf("got %v, want %s", err, test.problem)
				}
				if len(got) != 0 {
					t.Errorf("the server has %d messages, want none", len(got))
				}
				return
			}
			if err != nil || len(got) != 1 {
				t.Fatalf("got %d messages, %v; want one, no error", len(got), err)
			}
			message := [...]any{got[0].tls, got[0].user, got[0].from, got[0].to}
			if want := [...]any{test.tls, test.user, "guestlist@example.org", "bob@example.org"}; message != want {
				t.Errorf("got %v, want %v", message, want)
			}
			header := read(t, got[0].data).Header
			for name, want := range map[string]string{
				"Message-Id":     "<0123456789abcdef@example.org>",
				"Date":           "Tue, 03 Feb 2026 12:00:00 +0000",
				"Auto-Submitted": "auto-generated",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestSMTPAnswers(t *testing.T) {
	t.Parallel()
	answers := map[string]*smtp.SMTPError{
		"busy@example.org":    {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "canary@example.org: later"},
		"unknown@example.org": {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "canary@example.org: unknown"},
	}
	s := serveSMTP(t, false, func(s *server) {
		s.answer = func(to string) error {
			if answer := answers[to]; answer != nil {
				return answer
			}
			return nil
		}
	})
	transport, err := mail.NewSMTP("smtp://" + s.host)
	if err != nil {
		t.Fatal(err)
	}
	for to, test := range map[string]struct {
		refused bool
		want    string
	}{
		"busy@example.org":     {false, "451 4.7.1"},
		"unknown@example.org":  {true, "550 5.1.1"},
		"no address":           {true, "canonical"},
		"a\r\nb@example.org":   {true, "canonical"},
		"Upper@Example.org":    {true, "canonical"},
		"x> RCPT@example.org":  {true, "canonical"},
		"\"quoted\"@localhost": {true, "canonical"},
	} {
		err := transport.Send(t.Context(), envelope(to))
		if errors.Is(err, mail.ErrRefused) != test.refused || err == nil || !strings.Contains(err.Error(), test.want) ||
			strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error with %q and without %q, permanent: %t", to, err, test.want, "canary",
				test.refused)
		}
	}
	if got := s.messages(); len(got) != 0 {
		t.Errorf("sent %d, want none", len(got))
	}
}

// TestSMTPUTF8 checks that mails with addresses beyond ASCII are sent only to servers that offer SMTPUTF8. For a domain
// beyond ASCII, its ASCII form suffices.
func TestSMTPUTF8(t *testing.T) {
	t.Parallel()
	domain, err := text.CanonicalEmail("ann@Bücher.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		from, to, reply string
		offered         bool
		utf8            bool
		header          string // Reply-To
		refused         bool
		problem         string // empty if the mail is sent
	}{
		"a name":                  {to: "jörg@example.org", offered: true, utf8: true},
		"a name, not offered":     {to: "jörg@example.org", refused: true, problem: "the recipient's"},
		"the first letter":        {to: "ömer@example.org", offered: true, utf8: true},
		"a domain":                {to: domain, offered: true},
		"a domain, not offered":   {to: domain},
		"the sender":              {from: "zoë@example.org", to: "bob@example.org", offered: true, utf8: true},
		"the sender, not offered": {from: "zoë@example.org", to: "jörg@example.org", problem: "the sender's"},
		"answers": {to: "bob@example.org", reply: "zoë@example.org", offered: true, utf8: true,
			header: "<zoë@example.org>"},
		"answers, not offered":          {to: "bob@example.org", reply: "zoë@example.org"},
		"answers in ASCII, not offered": {to: "bob@example.org", reply: "zoe@example.org", header: "<zoe@example.org>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveSMTP(t, false, func(s *server) { s.EnableSMTPUTF8 = test.offered })
			transport, err := mail.NewSMTP("smtp://" + s.host)
			if err != nil {
				t.Fatal(err)
			}
			e := envelope(test.to)
			e.From.Address, e.Content.ReplyTo = cmp.Or(test.from, e.From.Address), test.reply
			err = transport.Send(t.Context(), e)
			got := s.messages()
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) || errors.Is(err, mail.ErrRefused) != test.refused ||
					strings.Contains(err.Error(), "@") || len(got) > 0 {
					t.Errorf("got %v and %d messages, want %s", err, len(got), test.problem)
				}
				return
			}
			if err != nil || len(got) != 1 || got[0].to != test.to || got[0].utf8 != test.utf8 || read(t, got[0].data).
				Header.Get("Reply-To") != test.header {
				t.Errorf("got %v, %+v, want it sent, with SMTPUTF8: %v", err, got, test.utf8)
			}
		})
	}
}

func TestSMTPNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	transport, err := mail.NewSMTP("smtp://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := transport.Send(t.Context(), envelope("bob@example.org")); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("got %v, want an error other than %q", err, mail.ErrRefused)
	}
}

// TestSMTPHangs checks that Send returns when its context ends if the server says nothing, or stops in the middle.
func TestSMTPHangs(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	hang := make(chan struct{})
	defer close(hang)
	stuck := serveSMTP(t, false, func(s *server) { s.hang = hang })
	for name, url := range map[string]string{
		"silent":           "smtp://" + silent.Addr().String(),
		"silent, implicit": "smtps://" + silent.Addr().String(),
		"stuck":            "smtp://" + stuck.host,
	} {
		transport, err := mail.NewSMTP(url)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		began := time.Now()
		err = transport.Send(ctx, envelope("bob@example.org"))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, mail.ErrRefused) {
			t.Errorf("%s: got %v, want %q, and not %q", name, err, context.DeadlineExceeded, mail.ErrRefused)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: Send took %v, want little more than its timeout", name, took)
		}
	}
}
