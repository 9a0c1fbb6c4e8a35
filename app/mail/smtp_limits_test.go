package mail_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"guestlist/app/mail"
)

// TestSMTPRefusalLimit checks that a reply is permanent from code 500 on (RFC 5321, 4.2.1), and that only replies about
// the recipient and the content refuse a message: an operator can fix what is wrong with the sender.
func TestSMTPRefusalLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code    int
		refused bool
	}{{400, false}, {499, false}, {500, true}, {599, true}} {
		reply := &smtp.SMTPError{Code: test.code, EnhancedCode: smtp.EnhancedCode{test.code / 100, 0, 0}, Message: "no"}
		for command, change := range map[string]func(*server){
			"RCPT": func(s *server) { s.answer = func(string) error { return reply } },
			"DATA": func(s *server) { s.dataReply = reply },
		} {
			err := sendOne(t, change)
			if want := fmt.Sprintf("the server replied %d ", test.code); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %d: got %v, want an error with %q", command, test.code, err, want)
			}
			if got := errors.Is(err, mail.ErrRefused); got != test.refused {
				t.Errorf("%s %d: got refused %v, want %v", command, test.code, got, test.refused)
			}
		}
		err := sendOne(t, func(s *server) { s.fromReply = reply })
		if err == nil || errors.Is(err, mail.ErrRefused) {
			t.Errorf("MAIL %d: got %v, want an error that is not ErrRefused", test.code, err)
		}
	}
}

// sendOne sends a mail to a server of its own.
func sendOne(t *testing.T, change func(*server)) error {
	t.Helper()
	transport, err := mail.NewSMTP("smtp://" + serveSMTP(t, false, change).host)
	if err != nil {
		t.Fatal(err)
	}
	return transport.Send(t.Context(), envelope("bob@example.org"))
}

// TestSMTPAddressLimits checks the longest local part and address: 64 and 254 octets (RFC 5321, 4.5.3.1.1 and
// 4.5.3.1.3, whose 256 octets include the angle brackets). Longer ones are refused before the server sees them.
func TestSMTPAddressLimits(t *testing.T) {
	t.Parallel()
	address := func(local, total int) string {
		label := strings.Repeat("d", 60) + "."
		domain := strings.Repeat(label, 4)[:total-local-len("@.org")] + ".org"
		return strings.Repeat("l", local) + "@" + domain
	}
	for _, test := range []struct {
		local, total int
		refused      bool
	}{{64, 254, false}, {65, 254, true}, {64, 255, true}} {
		s := serveSMTP(t, false)
		transport, err := mail.NewSMTP("smtp://" + s.host)
		if err != nil {
			t.Fatal(err)
		}
		to := address(test.local, test.total)
		if len(to) != test.total {
			t.Fatalf("got an address of %d octets, want %d", len(to), test.total)
		}
		err = transport.Send(t.Context(), envelope(to))
		if got := errors.Is(err, mail.ErrRefused); got != test.refused || err != nil && !got {
			t.Errorf("%d of %d octets: got %v, want refused: %v", test.local, test.total, err, test.refused)
		}
		want := 1
		if test.refused {
			want = 0
		}
		if got := len(s.messages()); got != want {
			t.Errorf("%d of %d octets: got %d messages, want %d", test.local, test.total, got, want)
		}
	}
}

// TestSMTPLineLimit checks that no line of a message exceeds 998 octets (RFC 5321, 4.5.3.1.6, whose 1,000 octets
// include CR LF), that lines end with CR LF, and that the texts arrive unchanged, at the limit and beyond.
func TestSMTPLineLimit(t *testing.T) {
	t.Parallel()
	const limit = 998
	for _, size := range []int{limit - 1, limit, limit + 1, 10 * limit} {
		s := serveSMTP(t, false)
		transport, err := mail.NewSMTP("smtp://" + s.host)
		if err != nil {
			t.Fatal(err)
		}
		e := envelope("bob@example.org")
		line := strings.Repeat("x", size)
		e.Content.Text = line + "\n.\n." + line + "\n" // a dot that starts a line must not end the message: 4.5.2
		e.Content.Subject = strings.Repeat("Zoë ", size/len("Zoë "))
		if err := transport.Send(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		got := s.messages()
		if len(got) != 1 {
			t.Fatalf("%d octets: got %d messages, want 1", size, len(got))
		}
		for n, line := range bytes.SplitAfter(got[0].data, []byte("\n")) {
			if bare := bytes.TrimSuffix(line, []byte("\r\n")); len(bare) > limit || bytes.ContainsAny(bare, "\r\n") {
				t.Errorf("%d octets: got line %d of %d octets %.20q, want at most %d and CR LF",
					size, n+1, len(bare), bare, limit)
			}
		}
		sent, err := io.ReadAll(quotedprintable.NewReader(read(t, got[0].data).Body))
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.ReplaceAll(string(sent), "\r\n", "\n"); text != e.Content.Text {
			t.Errorf("%d octets: got a text of %d octets, want the %d sent", size, len(text), len(e.Content.Text))
		}
	}
}
