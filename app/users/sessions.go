package users

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

const currentKey = "current_user"

// signedIn is whose request it is, and what the token shown says.
type signedIn struct {
	user   *User
	claims secrets.Claims
}

// Authenticated lets only requests pass that show a valid token of a user who still exists, and loads that user, so
// that power taken away in the database is gone at once, whatever a token says.
func (a *API) Authenticated(c *gin.Context) {
	current, err := a.authenticate(c)
	if err != nil {
		utils.Fail(c, err)
		return
	}
	utils.LogUser(c, current.user.ID)
	c.Set(currentKey, current)
}

// Administrators lets only requests of administrators pass; it stands behind Authenticated.
func (*API) Administrators(c *gin.Context) {
	if !Current(c).IsAdmin {
		utils.Fail(c, utils.ErrForbidden)
	}
}

// Current returns the user whom Authenticated let pass, for reading: the password's hash and the times but VerifiedAt are
// left out, which every request would pay for. It panics on a route without Authenticated.
func Current(c *gin.Context) *User { return current(c).user }

func current(c *gin.Context) *signedIn {
	current, ok := c.MustGet(currentKey).(*signedIn)
	if !ok {
		panic("users: another value stands for the current user")
	}
	return current
}

// Actor returns who causes what a request does: the user whom Authenticated let pass, else nobody.
func Actor(c *gin.Context) audit.Actor {
	actor := audit.Actor{Client: utils.Client(c), RequestID: utils.RequestID(c)}
	if current, ok := c.Get(currentKey); ok {
		actor.UserID = current.(*signedIn).user.ID //nolint:forcetypeassert // Authenticated sets it
	}
	return actor
}

func (a *API) authenticate(c *gin.Context) (*signedIn, error) {
	header := c.Request.Header["Authorization"]
	if len(header) != 1 {
		return nil, fmt.Errorf("%w: %d Authorization headers", utils.ErrNotAuthenticated, len(header))
	}
	claims, err := a.tokens.Verify(bearer(header[0]))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	user, err := a.finder.byToken(c.Request.Context(), a.db, claims)
	switch {
	case errors.Is(err, errNoUser):
		return nil, fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	case err != nil:
		return nil, err
	case user.Email != claims.Email: // another address, or another database's user of that id
		return nil, fmt.Errorf("%w: the token was given to another address", utils.ErrNotAuthenticated)
	case user.TokenGeneration != claims.Generation:
		return nil, fmt.Errorf("%w: the token was ended with all others", utils.ErrNotAuthenticated)
	}
	return &signedIn{user, claims}, nil
}

// bearer returns the token of an Authorization header, which may stand bare or after the scheme (RFC 6750, 2.1).
func bearer(header string) string {
	if scheme, token, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimLeft(token, " ")
	}
	return header
}

// Refresh gives a fresh token for one that is still good, which stays so until it expires: the requests that a client
// has on the way do not fail. 200 with a session.
func (a *API) Refresh(c *gin.Context) error {
	return a.signIn(c, http.StatusOK, Current(c))
}

// Logout ends the token shown, or every token of the user: 200 with nothing.
func (a *API) Logout(c *gin.Context) error {
	var request logout
	if err := utils.DecodeOptional(c, &request); err != nil {
		return err
	}
	ctx := c.Request.Context()
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return errors.Join(a.end(c, tx, request.Everywhere), a.record(c, tx, audit.SignedOut, Current(c).ID))
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// end ends the token shown, or every token of the user.
func (*API) end(c *gin.Context, tx *gorm.DB, everywhere bool) error {
	ctx := c.Request.Context()
	if everywhere {
		return endTokens(ctx, tx, Current(c).ID)
	}
	claims := current(c).claims
	return revoke(ctx, tx, claims.TokenID, claims.ExpiresAt)
}

func (a *API) signIn(c *gin.Context, status int, user *User) error {
	roles, err := a.eventRoles.RolesOf(c.Request.Context(), user.ID)
	if err != nil {
		return err
	}
	token, err := a.tokens.Issue(secrets.Claims{
		ID: user.ID, Email: user.Email, IsAdmin: user.IsAdmin, Generation: user.TokenGeneration,
	})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	utils.LogUser(c, user.ID)
	c.JSON(status, newSession(user, token, roles))
	return nil
}
