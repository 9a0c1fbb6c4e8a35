package users

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/limits"
	"guestlist/app/utils"
)

// API answers the requests of this feature.
type API struct {
	db        *gorm.DB
	passwords *utils.Passwords
	tokens    *utils.Tokens
	logins    *limits.Logins
	rules     PasswordRules
	finder    finder
}

// NewAPI returns an API on db. The rules are for new passwords.
func NewAPI(db *gorm.DB, passwords *utils.Passwords, tokens *utils.Tokens, logins *limits.Logins, rules PasswordRules) *API {
	return &API{
		db:        db,
		passwords: passwords,
		tokens:    tokens,
		logins:    logins,
		rules:     rules,
		finder:    newFinder(db),
	}
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
	if err := create(ctx, a.db, user, a.registered(c)); err != nil {
		return err
	}
	return a.signIn(c, http.StatusCreated, user)
}

func (a *API) newUser(r registration) *User {
	user := &User{
		Email:           r.Email,
		Firstname:       r.Firstname,
		Lastname:        r.Lastname,
		UserTitle:       r.UserTitle,
		PrimaryLanguage: defaultLanguage,
	}
	if r.Language != "" {
		user.PrimaryLanguage = r.Language
	}
	if r.PolicyAgreed {
		now := a.db.NowFunc()
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
	return a.signIn(c, http.StatusOK, user)
}

// find returns the user with the address, or one who has no password and so cannot sign in: what a wrong address costs
// is then what a wrong password costs.
func (a *API) find(ctx context.Context, email string) (*User, error) {
	canonical, err := utils.CanonicalEmail(email)
	if err != nil {
		canonical = "" // nobody's
	}
	user, err := byEmail(ctx, a.db, canonical)
	if errors.Is(err, errNoUser) {
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

func (a *API) signIn(c *gin.Context, status int, user *User) error {
	token, err := a.tokens.Issue(user.ID, user.Email, user.IsAdmin)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	utils.LogUser(c, user.ID)
	c.JSON(status, newSession(user, token))
	return nil
}

const currentKey = "current_user"

// Authenticated lets only requests pass that show a valid token of a user who still exists, and loads that user, so
// that power taken away in the database is gone at once, whatever a token says.
func (a *API) Authenticated(c *gin.Context) {
	user, err := a.authenticate(c)
	if err != nil {
		utils.Fail(c, err)
		return
	}
	utils.LogUser(c, user.ID)
	c.Set(currentKey, user)
}

// Current returns the user whom Authenticated let pass. It panics on a route without Authenticated.
func Current(c *gin.Context) *User {
	user, ok := c.MustGet(currentKey).(*User)
	if !ok {
		panic("users: another value stands for the current user")
	}
	return user
}

func (a *API) authenticate(c *gin.Context) (*User, error) {
	header := c.Request.Header["Authorization"]
	if len(header) != 1 {
		return nil, fmt.Errorf("%w: %d Authorization headers", utils.ErrNotAuthenticated, len(header))
	}
	claims, err := a.tokens.Verify(bearer(header[0]))
	if err != nil {
		return nil, err
	}
	user, err := a.finder.byID(c.Request.Context(), a.db, claims.ID)
	switch {
	case errors.Is(err, errNoUser):
		return nil, fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	case err != nil:
		return nil, err
	case user.Email != claims.Email: // another address, or another database's user of that id
		return nil, fmt.Errorf("%w: the token was given to another address", utils.ErrNotAuthenticated)
	}
	return user, nil
}

// bearer returns the token of an Authorization header, which may stand bare or after the scheme (RFC 6750, 2.1).
func bearer(header string) string {
	if scheme, token, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimLeft(token, " ")
	}
	return header
}
