package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"guestlist/app/mail"
)

// TestSMTPLastingRefusals checks that a reply from 500 on is permanent (RFC 5321, 4.2.1), and that one below is worth
// another attempt.
func TestSMTPLastingRefusals(t *testing.T) {
	t.Parallel()
	code := 0
	s := serveSMTP(t, false, func(s *server) {
		s.answer = func(string) error { return &smtp.SMTPError{Code: code, Message: "no"} }
	})
	transport, err := mail.NewSMTP("smtp://" + s.host)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		code    int
		refused bool
		want    string
	}{{450, false, "450"}, {499, false, "499"}, {500, true, "500"}, {501, true, "501"}, {554, true, "554"}} {
		code = test.code
		err := transport.Send(t.Context(), envelope("ann@example.org"))
		if err == nil || errors.Is(err, mail.ErrRefused) != test.refused || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%d: got %v, want a permanent refusal: %t", test.code, err, test.refused)
		}
	}
}
