package users

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"time"

	"gorm.io/gorm"

	"guestlist/app/localtime"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// The kinds of mails that this feature sends. The recipient is an address, which may have no account: its user is
// looked up when the mail is composed, so that requesting a mail takes the same time for every address.
const (
	passwordResetMail = "password_reset"
	verifyEmailMail   = "verify_email"
	changeEmailMail   = "change_email" // to the new address
	emailChangeMail   = "email_change" // to the old address
)

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
	Page  string // this program's page for the link; Link without a web client
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
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && user.BlockedAt != nil {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return s.composeCode(ctx, tx, user, resetPassword, m, s.links.reset)
}

// composeVerifyEmail is the mail.Composer of verifyEmailMail.
func (s *Service) composeVerifyEmail(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	user, err := FindByEmail(ctx, tx, m.Recipient)
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && (user.Verified() || user.BlockedAt != nil) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return s.composeCode(ctx, tx, user, verifyEmail, m, s.links.verify)
}

// composeChangeEmail is the mail.Composer of changeEmailMail.
func (s *Service) composeChangeEmail(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	var data addressChange
	if err := m.Decode(&data); err != nil {
		return mail.Content{}, err
	}
	// Locked, so that a concurrent mail to an abandoned address cannot replace the code of the current one.
	user, err := Find(ctx, forNoKeyUpdate(tx), data.UserID)
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && (user.PendingEmail != m.Recipient || user.BlockedAt != nil) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	return s.composeCode(ctx, tx, user, changeEmail, m, s.links.verify)
}

// composeCode composes a mail to the message's recipient with a new code and its link. It returns mail.ErrDrop if the
// mail is over the mail rate.
func (s *Service) composeCode(
	ctx context.Context, tx *gorm.DB, user *User, p purpose, m mail.Message, link func(code string) string,
) (mail.Content, error) {
	if err := s.checkRate(ctx, tx, m); err != nil {
		return mail.Content{}, err // after ErrDrop, the code in the last mail is still valid
	}
	lifetime := s.codeLifetime
	if p == changeEmail {
		lifetime = min(lifetime, undoFor)
	}
	code, err := issueCode(ctx, tx, Code{UserID: user.ID, Purpose: p, Email: m.Recipient}, lifetime)
	if err != nil {
		return mail.Content{}, err
	}
	name := ""
	if p != changeEmail { // the recipient of a changeEmail may be a stranger to the account
		name = user.MailName(0)
	}
	content, err := s.templates.Content(m.Kind, user.PrimaryLanguage, codeMail{
		Name: name, Email: m.Recipient, Link: link(code), Page: s.links.verifyPage(code), Code: code,
		Until: s.until(tx.NowFunc().Add(lifetime), user),
	})
	content.To, content.Name = m.Recipient, name
	return content, err
}

// changeMail is the data for the template of emailChangeMail.
type changeMail struct {
	Email  string
	New    string // the new address; may be a stranger's text unless Proved
	Proved bool   // whether Email was ever verified
	Link   string
	Until  string
}

// composeEmailChange is the mail.Composer of emailChangeMail. The mail is sent even if the change has taken effect
// since, or another was requested, but not if blocking the user ended the change.
func (s *Service) composeEmailChange(ctx context.Context, tx *gorm.DB, m mail.Message) (mail.Content, error) {
	var data addressChange
	if err := m.Decode(&data); err != nil {
		return mail.Content{}, err
	}
	user, err := Find(ctx, forNoKeyUpdate(tx), data.UserID)
	if errors.Is(err, utils.ErrUserNotFound) || err == nil && !data.concerns(user, m.Recipient) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	if err := s.checkRate(ctx, tx, m); err != nil {
		return mail.Content{}, err // after ErrDrop, the code in the last mail was extended
	}
	void, err := superseded(ctx, tx, user.ID, m.Recipient, data.Generation)
	if err == nil && (void || user.BlockedAt != nil && user.Email == m.Recipient) {
		err = mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	code, err := issueCode(ctx, tx, Code{
		UserID: user.ID, Purpose: undoEmail, Email: m.Recipient, Generation: data.Generation,
	}, undoFor)
	if err != nil {
		return mail.Content{}, err
	}
	content, err := s.templates.Content(m.Kind, user.PrimaryLanguage, changeMail{
		Email: m.Recipient, New: data.Email, Proved: data.Proved, Link: s.links.undo(code),
		Until: s.until(tx.NowFunc().Add(undoFor), user),
	})
	content.To = m.Recipient
	return content, err
}

// concerns reports whether to notify the old address of the change. If it is still the user's address, the user must
// not be blocked, since blocking ends a pending change; if it is not, it must have been verified.
func (c addressChange) concerns(user *User, old string) bool {
	if user.Email == old {
		return user.BlockedAt == nil
	}
	return c.Proved
}

// checkRate returns mail.ErrDrop for a mail over the mail rate.
func (s *Service) checkRate(ctx context.Context, tx *gorm.DB, m mail.Message) error {
	if s.mailRate.Count == 0 {
		return nil
	}
	enough, err := mail.LimitReached(ctx, tx, m, s.mailRate.Count, s.mailRate.Per)
	if err == nil && enough {
		err = mail.ErrDrop
	}
	return err
}

// until formats the time at which a link expires, in the user's language.
func (s *Service) until(t time.Time, user *User) string {
	return localtime.Format(t, s.zone, user.PrimaryLanguage)
}

// PasswordLink returns the URL of the page whose button mails a link for setting a password to the address. The URL
// holds no code and never expires.
func (s *Service) PasswordLink(email string) string { return s.links.requestReset(email) }
