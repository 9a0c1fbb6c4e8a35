package users

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// API answers the requests of this feature.
type API struct {
	db              *gorm.DB
	passwords       *secrets.Passwords
	tokens          *secrets.Tokens
	cursors         *secrets.Cursors
	outbox          *mail.Outbox
	templates       *mail.Templates
	logins          *limits.Logins
	rules           PasswordRules
	codeLifetime    time.Duration
	requireVerified bool
	publicURL       string
	mailRate        limits.Rate
	finder          finder
	eventRoles      EventRoles
}

// EventRoles tells what users may do in events; the feature that knows does.
type EventRoles interface {
	// RolesOf returns every role that the user has in an event; an empty list, not nil, if there is none.
	RolesOf(ctx context.Context, userID int64) ([]EventRole, error)
}

// Options are what an API needs. All are required, but those whose zero value says something.
type Options struct {
	Passwords            *secrets.Passwords
	Tokens               *secrets.Tokens
	Cursors              *secrets.Cursors
	Logins               *limits.Logins
	Outbox               *mail.Outbox  // NewAPI registers the mails of this feature there
	PublicURL            string        // what links in mails begin with
	MailRate             limits.Rate   // of the mails of a kind to one address, whoever asks for them; zero: no limit
	Rules                PasswordRules // for new passwords
	CodeLifetime         time.Duration // how long a mailed code is good
	RequireVerifiedEmail bool          // whether only those can sign in whose address is verified
	EventRoles           EventRoles    // for sessions
}

// NewAPI returns an API on db.
func NewAPI(db *gorm.DB, o Options) *API {
	a := &API{
		db:              db,
		passwords:       o.Passwords,
		tokens:          o.Tokens,
		cursors:         o.Cursors,
		outbox:          o.Outbox,
		templates:       parseTemplates(),
		logins:          o.Logins,
		rules:           o.Rules,
		codeLifetime:    o.CodeLifetime,
		requireVerified: o.RequireVerifiedEmail,
		publicURL:       o.PublicURL,
		mailRate:        o.MailRate,
		finder:          newFinder(db),
		eventRoles:      o.EventRoles,
	}
	a.outbox.Compose(passwordResetMail, a.composePasswordReset)
	a.outbox.Compose(verifyEmailMail, a.composeVerifyEmail)
	return a
}

// Register creates an account and signs it in: 201 with a session.
func (a *API) Register(c *gin.Context) error {
	request := registration{rules: a.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	ctx := c.Request.Context()
	user := a.newUser(request)
	if err := user.SetPassword(ctx, a.passwords, request.Password); err != nil {
		return err
	}
	verify := func(tx *gorm.DB, user *User) error { return a.requestMail(ctx, tx, verifyEmailMail, user.Email) }
	if err := create(ctx, a.db, user, a.registered(c), verify); err != nil {
		return err
	}
	a.outbox.Wake()
	return a.signIn(c, http.StatusCreated, user)
}

func (a *API) newUser(r registration) *User {
	now := a.db.NowFunc()
	user := &User{
		Email:           r.Email,
		Firstname:       r.Firstname,
		Lastname:        r.Lastname,
		UserTitle:       r.UserTitle,
		PrimaryLanguage: text.DefaultLanguage,
		LastLogin:       &now,
	}
	if r.Language != "" {
		user.PrimaryLanguage = r.Language
	}
	if r.PolicyAgreed {
		user.PolicyAgreedAt = &now
	}
	return user
}

// Read answers who is signed in: 200 with a profile.
func (a *API) Read(c *gin.Context) error {
	c.JSON(http.StatusOK, newProfile(Current(c)))
	return nil
}

// Authenticate gives a token for an address and its password: 200 with a session. Every failure is the same answer at
// the same cost, whether there is such an account or not.
func (a *API) Authenticate(c *gin.Context) error {
	var request credentials
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	ctx := c.Request.Context()
	attempt, err := a.logins.Begin(ctx, account(request.Email), utils.Client(c))
	if err != nil {
		return err
	}
	defer attempt.Release()
	user, err := a.find(ctx, request.Email)
	if err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	ok, outdated, err := user.CheckPassword(ctx, a.passwords, request.Password)
	if err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	if !ok {
		return a.refuse(c, user, attempt)
	}
	if err := a.accept(c, user, attempt); err != nil {
		return err
	}
	if outdated {
		if err := a.rehash(ctx, user, request.Password); err != nil {
			_ = c.Error(err) // for the log: the password was right, and the next sign-in tries again
		}
	}
	if now := a.db.NowFunc(); user.LastLogin == nil || now.Sub(*user.LastLogin) >= loginPrecision {
		if err := noteLogin(ctx, a.db, user.ID, now); err != nil {
			_ = c.Error(err) // likewise
		}
	}
	return a.signIn(c, http.StatusOK, user)
}

// loginPrecision is how old the last sign-in on record may be: a client that signs in for every request does not write
// for every one.
const loginPrecision = time.Minute

// find returns the user with the address, or one who has no password and so cannot sign in: what a wrong address costs
// is then what a wrong password costs.
func (a *API) find(ctx context.Context, email string) (*User, error) {
	canonical, err := text.CanonicalEmail(email)
	if err != nil {
		canonical = "" // nobody's
	}
	user, err := FindByEmail(ctx, a.db, canonical)
	if errors.Is(err, utils.ErrUserNotFound) {
		return &User{}, nil
	}
	return user, err
}

// rehash replaces a hash of an older kind now that the password is known.
func (a *API) rehash(ctx context.Context, user *User, password string) error {
	old := user.PasswordHash
	if err := user.SetPassword(ctx, a.passwords, password); err != nil {
		return err
	}
	return replaceHash(ctx, a.db, user.ID, old, user.PasswordHash)
}
