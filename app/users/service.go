package users

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// Service does the work of this feature, for handlers and commands alike.
type Service struct {
	db              *gorm.DB
	passwords       *secrets.Passwords
	tokens          *secrets.Tokens
	outbox          *mail.Outbox
	templates       *mail.Templates
	logins          *limits.Logins
	rules           PasswordRules
	codeLifetime    time.Duration
	requireVerified bool
	links           links
	mailRate        limits.Rate
	finder          finder
	eventRoles      EventRoles
	personal        []PersonalData
	belongings      []Belongings
	hasPolicy       bool
}

// EventRoles knows what users may do in events. The feature that stores it implements this.
type EventRoles interface {
	// RolesOf returns every role that the user has in an event; an empty list, not nil, if there is none.
	RolesOf(ctx context.Context, userID int64) ([]EventRole, error)
	// LockAdministered returns the ids of the events that the user administers, whose administrators cannot change
	// until tx ends.
	LockAdministered(ctx context.Context, tx *gorm.DB, userID int64) ([]int64, error)
	// SolelyAdministered returns the keys of the locked events that would have no administrator without the user, who
	// is locked too. It fails with ErrRoleGranted if the user administers an event that is not locked.
	SolelyAdministered(ctx context.Context, tx *gorm.DB, userID int64, locked []int64) ([]string, error)
}

// Options are what a Service needs. A server needs all of them, except where the zero value has a meaning; commands
// need Passwords, Outbox, Rules, EventRoles, Belongings and PersonalData only.
type Options struct {
	Passwords            *secrets.Passwords
	Tokens               *secrets.Tokens
	Logins               *limits.Logins
	Outbox               *mail.Outbox  // NewService registers the mails of this feature there
	PublicURL            string        // what links in mails to this program's pages begin with
	ClientURL            string        // likewise: to the web client's; empty: there is none
	MailRate             limits.Rate   // of the mails of a kind to one address; zero: no limit
	Rules                PasswordRules // for new passwords
	CodeLifetime         time.Duration // how long a mailed code is valid
	RequireVerifiedEmail bool          // whether signing in needs a verified address
	EventRoles           EventRoles    // for sessions and deletions
	PersonalData         []PersonalData
	Belongings           []Belongings // what other features hang on addresses
	HasPolicy            bool         // whether who registers has to agree to a privacy policy
}

// NewService returns a Service on db.
func NewService(db *gorm.DB, o Options) *Service {
	s := &Service{
		db:              db,
		passwords:       o.Passwords,
		tokens:          o.Tokens,
		outbox:          o.Outbox,
		templates:       parseTemplates(),
		logins:          o.Logins,
		rules:           o.Rules,
		codeLifetime:    o.CodeLifetime,
		requireVerified: o.RequireVerifiedEmail,
		links:           links{o.PublicURL, o.ClientURL},
		mailRate:        o.MailRate,
		finder:          newFinder(db),
		eventRoles:      o.EventRoles,
		personal:        o.PersonalData,
		belongings:      o.Belongings,
		hasPolicy:       o.HasPolicy,
	}
	s.outbox.Compose(passwordResetMail, s.composePasswordReset)
	s.outbox.Compose(verifyEmailMail, s.composeVerifyEmail)
	s.outbox.Compose(changeEmailMail, s.composeChangeEmail)
	s.outbox.Compose(emailChangeMail, s.composeEmailChange)
	return s
}
