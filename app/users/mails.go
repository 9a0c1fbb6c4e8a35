package users

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"time"

	"gorm.io/gorm"

	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// The kinds of mails that this feature sends. The recipient of each is an address, which may be nobody's: its user is
// looked up when the mail is composed, so that requesting one takes the same time for every address.
const (
	passwordResetMail = "password_reset"
	verifyEmailMail   = "verify_email"
)

// passwordPage is the page of the web client that asks for the new password, before the code.
const passwordPage = "/resetPassword?resetToken="

//go:embed templates
var templateFiles embed.FS

func parseTemplates() *mail.Templates {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return mail.MustParseTemplates(files)
}

// codeMail is the data for the templates of mails with a code.
type codeMail struct {
	Name  string // User.MailName
	Email string
	Link  string
	Code  string
	Until string
}

// requestMail enqueues a mail in tx.
func (s *Service) requestMail(ctx context.Context, tx *gorm.DB, kind, email string) error {
	return s.outbox.Enqueue(ctx, tx, mail.Request{Kind: kind, Recipient: email, Language: text.DefaultLanguage})
}

// composePasswordReset is the mail.Composer of passwordResetMail.
func (s *Service) composePasswordReset(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	user, err := FindByEmail(ctx, tx, m.Recipient)
	if errors.Is(err, utils.ErrUserNotFound) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return s.composeCode(ctx, tx, user, resetPassword, m, passwordPage)
}

// composeVerifyEmail is the mail.Composer of verifyEmailMail.
func (s *Service) composeVerifyEmail(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	user, err := FindByEmail(ctx, tx, m.Recipient)
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && user.Verified() {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return s.composeCode(ctx, tx, user, verifyEmail, m, "/api/v1/verify-email?token=")
}

// composeCode composes a mail with a new code, at the end of the link. It returns mail.ErrDrop over the mail rate.
func (s *Service) composeCode(
	ctx context.Context, tx *gorm.DB, user *User, p purpose, m mail.Message, link string,
) (mail.Content, error) {
	if s.mailRate.Count > 0 {
		enough, err := mail.Enough(ctx, tx, m, s.mailRate.Count, s.mailRate.Per)
		if err != nil {
			return mail.Content{}, err
		}
		if enough {
			return mail.Content{}, mail.ErrDrop // the code in the last one is still valid
		}
	}
	code, err := issueCode(ctx, tx, user, p, s.codeLifetime)
	if err != nil {
		return mail.Content{}, err
	}
	name := user.MailName(0)
	content, err := s.templates.Content(m.Kind, user.PrimaryLanguage, codeMail{
		Name: name, Email: user.Email, Link: s.publicURL + link + url.QueryEscape(code), Code: code,
		Until: tx.NowFunc().Add(s.codeLifetime).UTC().Format("2006-01-02 15:04 MST"),
	})
	content.To, content.Name = user.Email, name
	return content, err
}

// PasswordCode is a code that allows its user to set a password, to be mailed.
type PasswordCode struct {
	Link  string // with the code, to the web client
	Until time.Time
}

// IssuePasswordCode returns a new code for the user in tx, which replaces the last one.
func (s *Service) IssuePasswordCode(ctx context.Context, tx *gorm.DB, user *User) (PasswordCode, error) {
	code, err := issueCode(ctx, tx, user, resetPassword, s.codeLifetime)
	if err != nil {
		return PasswordCode{}, err
	}
	return PasswordCode{s.publicURL + passwordPage + url.QueryEscape(code), tx.NowFunc().Add(s.codeLifetime)}, nil
}
