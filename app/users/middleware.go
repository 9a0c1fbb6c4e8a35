package users

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

const currentKey = "current_user"

// signedIn is the caller of a request and the claims of the caller's token.
type signedIn struct {
	user   *User
	claims secrets.Claims
}

// Authenticated passes only requests with a valid token of an existing user, and loads that user, so that rights
// revoked in the database end immediately, whatever a token claims.
func (a *API) Authenticated(c *gin.Context) {
	current, err := a.authenticate(c)
	if err != nil {
		utils.Fail(c, err)
		return
	}
	utils.LogUser(c, current.user.ID)
	c.Set(currentKey, current)
}

func (a *API) authenticate(c *gin.Context) (*signedIn, error) {
	header := c.Request.Header["Authorization"]
	if len(header) != 1 {
		return nil, fmt.Errorf("%w: %d Authorization headers", utils.ErrNotAuthenticated, len(header))
	}
	user, claims, err := a.service.CheckToken(c.Request.Context(), bearer(header[0]))
	if err != nil {
		return nil, err
	}
	return &signedIn{user, claims}, nil
}

// bearer returns the token of an Authorization header, with or without the scheme (RFC 6750, 2.1).
func bearer(header string) string {
	if scheme, token, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimLeft(token, " ")
	}
	return header
}

// Administrators passes only requests of system administrators in effect. It must run after Authenticated.
func (*API) Administrators(c *gin.Context) {
	if !Current(c).Administers() {
		utils.Fail(c, utils.ErrForbidden)
	}
}

// Current returns the user loaded by Authenticated, for reading only. It lacks the password's hash and all times except
// VerifiedAt, because every request would pay for them. Current panics on a route without Authenticated.
func Current(c *gin.Context) *User { return current(c).user }

func current(c *gin.Context) *signedIn {
	current, ok := c.MustGet(currentKey).(*signedIn)
	if !ok {
		panic("users: the current user is a value of another type")
	}
	return current
}

// Actor returns the actor of a request: its client, and the user loaded by Authenticated, if any.
func Actor(c *gin.Context) audit.Actor {
	actor := audit.Actor{Client: utils.Client(c), RequestID: utils.RequestID(c)}
	value, _ := c.Get(currentKey)
	if current, ok := value.(*signedIn); ok {
		actor.UserID = current.user.ID
	}
	return actor
}
