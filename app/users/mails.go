package users

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// The kinds of mails that this feature sends. The recipient of each is an address, which may be nobody's: who has it is
// found out when the mail is composed, so that asking for one takes the same time for every address.
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

// codeMail is what the templates of mails with a code are given.
type codeMail struct {
	Name  string // empty also while the address is not verified
	Email string
	Link  string
	Code  string
	Until string
}

// requestMail stores the wish for a mail in tx.
func (a *API) requestMail(ctx context.Context, tx *gorm.DB, kind, email string) error {
	return a.outbox.Enqueue(ctx, tx, mail.Request{Kind: kind, Recipient: email, Language: text.DefaultLanguage})
}

// composePasswordReset is the mail.Composer of passwordResetMail.
func (a *API) composePasswordReset(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	user, err := FindByEmail(ctx, tx, m.Recipient)
	if errors.Is(err, utils.ErrUserNotFound) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return a.composeCode(ctx, tx, user, resetPassword, m, passwordPage)
}

// composeVerifyEmail is the mail.Composer of verifyEmailMail.
func (a *API) composeVerifyEmail(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	user, err := FindByEmail(ctx, tx, m.Recipient)
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && user.VerifiedAt != nil {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return a.composeCode(ctx, tx, user, verifyEmail, m, "/api/v1/verify-email?token=")
}

func (a *API) composeCode(ctx context.Context, tx *gorm.DB, user *User, p purpose, m mail.Message, link string) (mail.Content, error) {
	if a.mailRate.Count > 0 {
		enough, err := mail.Enough(ctx, tx, m, a.mailRate.Count, a.mailRate.Per)
		if err != nil {
			return mail.Content{}, err
		}
		if enough {
			return mail.Content{}, mail.ErrDrop // the code in the last one is still good
		}
	}
	code, err := issueCode(ctx, tx, user, p, a.codeLifetime)
	if err != nil {
		return mail.Content{}, err
	}
	name := ""
	if user.VerifiedAt != nil { // else somebody who is not the reader may have put anything there, such as a link
		name = strings.TrimSpace(user.Firstname + " " + user.Lastname)
	}
	content, err := a.templates.Content(m.Kind, user.PrimaryLanguage, codeMail{
		Name: name, Email: user.Email, Link: a.publicURL + link + url.QueryEscape(code), Code: code,
		Until: tx.NowFunc().Add(a.codeLifetime).UTC().Format("2006-01-02 15:04 MST"),
	})
	content.To, content.Name = user.Email, name
	return content, err
}
