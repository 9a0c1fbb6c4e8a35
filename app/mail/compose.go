package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"guestlist/app/text"
)

// check returns ErrRefused unless the recipient is a canonical address.
func (e Envelope) check() error {
	if canonical, err := text.CanonicalEmail(e.To.Address); err != nil || canonical != e.To.Address {
		return fmt.Errorf("%w: the recipient is not a canonical address", ErrRefused)
	}
	return nil
}

// message returns the message to send, or fails as check does.
func (e Envelope) message() (*gomail.Msg, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	e.From.Name, e.To.Name = oneLine(e.From.Name), oneLine(e.To.Name)
	m.FromMailAddress(&e.From)
	m.ToMailAddress(&e.To)
	if reply, err := text.CanonicalEmail(e.Content.ReplyTo); err == nil {
		m.ReplyToMailAddress(&netmail.Address{Address: reply})
	}
	m.Subject(oneLine(e.Content.Subject))
	m.SetDateWithValue(e.Date)
	m.SetMessageIDWithValue(e.ID)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: suppresses automatic replies
	if link := e.Content.Unsubscribe; link != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+link+">") // RFC 2369, 3.2
		if strings.HasPrefix(link, "https:") {
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, e.Content.Text)
	if e.Content.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, e.Content.HTML)
	}
	for _, file := range e.Content.Files {
		mediaType := gomail.WithFileContentType(gomail.ContentType(file.MediaType))
		m.AttachReadSeeker(file.Name, bytes.NewReader(file.Data), mediaType)
	}
	return m, nil
}

// oneLine replaces everything that could start a new line with spaces, and breaks up encoded words (RFC 2047, 2), which
// could hide a line break.
func oneLine(text string) string {
	text = strings.ReplaceAll(text, "=?", "= ?")
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
}
