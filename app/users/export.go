package users

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// accountExport is the exported part of an account's row.
type accountExport struct {
	ID              int64      `json:"id"`
	Email           string     `json:"email"`
	HasPassword     bool       `json:"has_password"`
	Firstname       string     `json:"firstname"`
	Lastname        string     `json:"lastname"`
	UserTitle       string     `json:"user_title"`
	PrimaryLanguage string     `json:"primary_language"`
	NamedFor        int64      `json:"named_for"` // the event whose administrators chose the names; 0: the user did
	IsAdmin         bool       `json:"is_admin"`
	PolicyAgreedAt  *time.Time `json:"policy_agreed_at"`
	VerifiedAt      *time.Time `json:"verified_at"`
	BlockedAt       *time.Time `json:"blocked_at"`
	PendingEmail    string     `json:"pending_email"`
	LastLogin       *time.Time `json:"last_login"`
	CreatedAt       time.Time  `json:"created_at"`
	UpdatedAt       time.Time  `json:"updated_at"`
	DeletedAt       *time.Time `json:"deleted_at"`
}

func newAccountExport(u *User) accountExport {
	account := accountExport{
		ID: u.ID, Email: u.Email, HasPassword: u.PasswordHash != "", Firstname: u.Firstname, Lastname: u.Lastname,
		UserTitle: u.UserTitle, PrimaryLanguage: u.PrimaryLanguage, NamedFor: u.NamedFor,
		IsAdmin: u.IsAdmin, PolicyAgreedAt: u.PolicyAgreedAt, VerifiedAt: u.VerifiedAt, BlockedAt: u.BlockedAt,
		PendingEmail: u.PendingEmail, LastLogin: u.LastLogin, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
	if u.DeletedAt.Valid {
		account.DeletedAt = &u.DeletedAt.Time
	}
	return account
}

// codeExport is the exported part of a mailed code.
type codeExport struct {
	Purpose   purpose    `json:"purpose"`
	Email     string     `json:"email"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
}

// sections returns everything stored about the user except the account's own row.
func (s *Service) sections(user *User) []Section {
	sections := []Section{NewSection("codes", func(ctx context.Context, _ int64) ([]codeExport, int64, error) {
		codes, err := codesOf(ctx, s.db, user.ID)
		return codes, 0, err
	})}
	for _, data := range s.personal {
		sections = append(sections, data.Sections(s.db, user)...)
	}
	return append(sections,
		NewSection("mails", func(ctx context.Context, after int64) ([]mail.Entry, int64, error) {
			addresses, err := s.addresses(ctx, user)
			if err != nil {
				return nil, 0, err
			}
			return mail.List(ctx, s.db, mail.Filter{Recipients: addresses, Also: aboutChanges(user.ID)}, user.CreatedAt, after)
		}),
		NewSection("sign_in_networks", func(ctx context.Context, _ int64) ([]limits.Known, int64, error) {
			known, err := s.networks(ctx, user)
			return known, 0, err
		}),
		NewSection("security_events", func(ctx context.Context, after int64) ([]audit.Entry, int64, error) {
			return audit.About(ctx, s.db, user.ID, after)
		}),
		NewSection("security_events_about_others", func(ctx context.Context, after int64) ([]audit.Entry, int64, error) {
			return audit.By(ctx, s.db, user.ID, after)
		}),
	)
}

// addresses returns the user's address, and former ones that no other account has.
func (s *Service) addresses(ctx context.Context, user *User) ([]string, error) {
	former, err := formerAddresses(ctx, s.db, user)
	return append([]string{user.Email}, former...), err
}

// networks returns the sign-in networks of the account, under each of its addresses.
func (s *Service) networks(ctx context.Context, user *User) (known []limits.Known, err error) {
	clients, err := audit.Clients(ctx, s.db, user.ID)
	if err != nil {
		return nil, err
	}
	addresses, err := s.addresses(ctx, user)
	for i := 0; i < len(addresses) && err == nil; i++ {
		var found []limits.Known
		found, err = limits.About(ctx, s.db, addresses[i], clients)
		known = append(known, found...)
	}
	return known, err
}

// codesOf returns the user's codes for an export, without their hashes.
func codesOf(ctx context.Context, db *gorm.DB, userID int64) ([]codeExport, error) {
	var codes []codeExport
	if err := db.WithContext(ctx).Model(&Code{}).Where("user_id = ?", userID).Order("id").Find(&codes).Error; err != nil {
		return nil, fmt.Errorf("find the codes of a user: %w", err)
	}
	return codes, nil
}

// renew returns a context with a new deadline for the next part of an export.
type renew func() (context.Context, context.CancelFunc)

// Export writes everything stored about all accounts with the address, deleted ones too, as a JSON document. It fails
// with text.ErrInvalidEmail and utils.ErrUserNotFound.
func (s *Service) Export(ctx context.Context, actor audit.Actor, out io.Writer, email string) error {
	email, err := text.CanonicalEmail(email)
	if err != nil {
		return err
	}
	found, err := allWith(ctx, s.db, email)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return utils.ErrUserNotFound
	}
	same := func() (context.Context, context.CancelFunc) { return ctx, func() {} }
	return s.export(same, actor, out, found[0], found[1:]...)
}

// ExportOwn writes everything stored about the actor's user as a JSON document. Each of its parts has its own deadline,
// from renew. It fails with utils.ErrUserNotFound if the user has been deleted.
func (s *Service) ExportOwn(renew renew, actor audit.Actor, out io.Writer) error {
	ctx, cancel := renew()
	defer cancel()
	user, err := Find(ctx, s.db, actor.UserID)
	if err != nil {
		return err
	}
	return s.export(renew, actor, out, *user)
}

// export writes a document about a user and earlier accounts with the same address. It reads while it writes, without a
// single snapshot.
func (s *Service) export(renew renew, actor audit.Actor, out io.Writer, user User, earlier ...User) error {
	w := &exportWriter{out: bufio.NewWriterSize(out, 32<<10), renew: renew}
	w.account(s, &user)
	for i := range earlier {
		w.raw(map[bool]string{true: `,"earlier_accounts":[`, false: ","}[i == 0])
		w.account(s, &earlier[i])
		w.raw("}")
	}
	if len(earlier) > 0 {
		w.raw("]")
	}
	w.raw("}\n")
	if w.err != nil {
		return w.err
	}
	ctx, cancel := renew()
	defer cancel()
	return errors.Join(audit.Record(ctx, s.db, actor.Event(audit.Exported, user.ID)), w.out.Flush())
}

// exportWriter writes a document; after an error, its methods do nothing.
type exportWriter struct {
	out   *bufio.Writer
	renew renew
	err   error
}

// account writes the object of an account without the closing brace.
func (w *exportWriter) account(s *Service, user *User) {
	w.raw(`{"account":`)
	w.value(newAccountExport(user))
	for _, section := range s.sections(user) {
		w.raw(`,`)
		w.value(section.Name)
		w.raw(`:[`)
		w.elements(section)
		w.raw(`]`)
	}
}

func (w *exportWriter) elements(section Section) {
	separator := ""
	for more := true; more && w.err == nil; {
		ctx, cancel := w.renew()
		var elements []any
		elements, more, w.err = section.next(ctx)
		cancel()
		for _, element := range elements {
			w.raw(separator)
			w.value(element)
			separator = ","
		}
	}
}

func (w *exportWriter) raw(text string) {
	if w.err == nil {
		_, w.err = w.out.WriteString(text)
	}
}

func (w *exportWriter) value(value any) {
	if w.err != nil {
		return
	}
	data, err := json.Marshal(value)
	if err == nil {
		_, err = w.out.Write(data)
	}
	w.err = err
}
