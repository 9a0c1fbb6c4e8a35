package users

import (
	"cmp"
	"time"

	"gorm.io/gorm"

	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// Service does the work of this feature, for handlers and commands.
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
	zone            *time.Location // of times in mails
}

// Options are the dependencies and settings of a Service. A server sets all of them, except where the zero value has a
// meaning; commands need only Passwords, Outbox, Rules, EventRoles, Belongings and PersonalData. Other features
// implement EventRoles, Belongings and PersonalData; a program without them sets none.
type Options struct {
	Passwords            *secrets.Passwords
	Tokens               *secrets.Tokens
	Logins               *limits.Logins
	Outbox               *mail.Outbox  // NewService registers the mails of this feature there
	PublicURL            string        // base URL of links in mails to this program's pages
	ClientURL            string        // base URL of links in mails to the web client; may be empty
	MailRate             limits.Rate   // of the mails of a kind to one address; zero: no limit
	Rules                PasswordRules // for new passwords
	CodeLifetime         time.Duration // how long a mailed code is valid
	RequireVerifiedEmail bool          // whether signing in needs a verified address
	EventRoles           EventRoles    // for sessions and deletions; nil: there are no events
	PersonalData         []PersonalData
	Belongings           []Belongings
	HasPolicy            bool           // whether registration requires agreement to a privacy policy
	Zone                 *time.Location // of times in mails, since users' own zones are unknown; nil: UTC
}

// NewService returns a Service on db.
func NewService(db *gorm.DB, o Options) *Service {
	if o.EventRoles == nil {
		o.EventRoles = noEventRoles{}
	}
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
		zone:            cmp.Or(o.Zone, time.UTC),
	}
	s.outbox.Compose(passwordResetMail, s.composePasswordReset)
	s.outbox.Compose(verifyEmailMail, s.composeVerifyEmail)
	s.outbox.Compose(changeEmailMail, s.composeChangeEmail)
	s.outbox.Compose(emailChangeMail, s.composeEmailChange)
	return s
}
