package users

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"guestlist/app/limits"
	"guestlist/app/pages"
	"guestlist/app/secrets"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// API holds the handlers of this feature: they decode, authorise, call the Service and write the response.
type API struct {
	service *Service
	cursors *secrets.Cursors
	mails   *limits.Limiter
}

// NewAPI returns the handlers of a Service. Cursors of lists are signed with cursors. mails limits how often a client
// may cause mail through Update; on routes that always send mail, it runs before the handler.
func NewAPI(service *Service, cursors *secrets.Cursors, mails *limits.Limiter) *API {
	return &API{service, cursors, mails}
}

// Register creates an account and signs it in: 201 with a session.
func (a *API) Register(c *gin.Context) error {
	request := registration{rules: a.service.rules, hasPolicy: a.service.hasPolicy}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	session, err := a.service.Register(c.Request.Context(), Actor(c), request.person(), request.Password)
	return writeSession(c, http.StatusCreated, session, err)
}

// Read returns the signed-in user: 200 with a profile.
func (a *API) Read(c *gin.Context) error {
	c.JSON(http.StatusOK, newProfile(Current(c)))
	return nil
}

// Update changes the fields of the signed-in user that are in the request: 200 with a session. A new password ends all
// tokens but the one in the response; a new address takes effect later.
func (a *API) Update(c *gin.Context) error {
	request := updateRequest{current: Current(c).Email, rules: a.service.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	change := request.change()
	if change.changesEmail(Current(c)) {
		if wait := a.mails.Take(utils.Client(c)); wait > 0 {
			return utils.TooManyRequests(wait)
		}
	}
	session, err := a.service.Update(c.Request.Context(), Actor(c), Current(c), change)
	return writeSession(c, http.StatusOK, session, err)
}

// Export returns everything stored about the signed-in user: 200 with a streamed JSON document. If it fails after the
// first byte, it aborts the connection, so that half a document does not pass as a whole one.
func (a *API) Export(c *gin.Context) error {
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Header("Cache-Control", "no-store")
	if utils.OnlyLooks(c) { // an export is a security event
		c.Status(http.StatusOK)
		return nil
	}
	renew := func() (context.Context, context.CancelFunc) { return utils.Renew(c) }
	err := a.service.ExportOwn(renew, Actor(c), c.Writer)
	if errors.Is(err, utils.ErrUserNotFound) {
		return fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	if err != nil && c.Writer.Written() {
		_ = c.Error(err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// AgreeToPolicy records that the signed-in user agrees to the privacy policy, perhaps again: 200 with {}.
func (a *API) AgreeToPolicy(c *gin.Context) error {
	var request agreement
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.service.AgreeToPolicy(c.Request.Context(), Current(c).ID); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Delete deletes the signed-in user's account: 200 with {}.
func (a *API) Delete(c *gin.Context) error {
	if err := a.service.Delete(c.Request.Context(), Actor(c)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Authenticate returns a token for an address and its password: 200 with a session. Failures have the same response and
// the same cost whether or not the account exists.
func (a *API) Authenticate(c *gin.Context) error {
	var request credentials
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	session, err := a.service.Authenticate(c.Request.Context(), Actor(c), request.Email, request.Password)
	return writeSession(c, http.StatusOK, session, err)
}

// Refresh returns a new token for a valid one, which stays valid: 200 with a session.
func (a *API) Refresh(c *gin.Context) error {
	session, err := a.service.Refresh(c.Request.Context(), Current(c))
	return writeSession(c, http.StatusOK, session, err)
}

// writeSession writes the session, or returns err if there is none.
func writeSession(c *gin.Context, status int, session Session, err error) error {
	if session.Warning != nil {
		_ = c.Error(session.Warning)
	}
	if err != nil {
		return err
	}
	utils.LogUser(c, session.User.ID)
	c.JSON(status, newSessionResponse(session))
	return nil
}

// Logout ends the token of the request, or every token of the user: 200 with {}.
func (a *API) Logout(c *gin.Context) error {
	var request logout
	if err := utils.DecodeOptional(c, &request); err != nil {
		return err
	}
	if err := a.service.Logout(c.Request.Context(), Actor(c), current(c).claims, request.Everywhere); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// RequestPasswordReset mails a code for setting a new password: 201 with {}, whether or not the account exists.
func (a *API) RequestPasswordReset(c *gin.Context) error {
	var request resetRequest
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.service.RequestPasswordReset(c.Request.Context(), request.Email); err != nil {
		return err
	}
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// ConfirmPasswordReset sets a new password with a mailed code: 201 with {}. All tokens of the user end.
func (a *API) ConfirmPasswordReset(c *gin.Context) error {
	request := resetConfirmation{rules: a.service.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	userID, err := a.service.ConfirmPasswordReset(c.Request.Context(), Actor(c), request.Code, request.Password)
	if err != nil {
		return err
	}
	utils.LogUser(c, userID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// VerifyEmail verifies an address with the code that was mailed there: 201 with {}, however often it is called. This
// GET does so only for clients that ask for JSON. Any other request comes from a browser or a mail scanner that opens
// the link, and is redirected to the page that asks first: 303.
func (a *API) VerifyEmail(c *gin.Context) error {
	c.Header("Vary", "Accept")
	code := c.Query("token")
	if !utils.AsksFor(c, "application/json", "*/json") || utils.OnlyLooks(c) {
		return pages.Redirect(c, "../../verify-email"+lastSegment(code))
	}
	userID, err := a.service.VerifyEmail(c.Request.Context(), Actor(c), code)
	if err != nil {
		return err
	}
	utils.LogUser(c, userID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// lastSegment returns a code as the end of a path. It drops characters that codes never contain, such as punctuation
// that a mail program took for part of the link.
func lastSegment(code string) string {
	code = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, code)
	if code == "" {
		return ""
	}
	return "/" + code
}

// ResendVerification mails another code to an unverified address: 201 with {}, whatever the address. A browser is
// redirected to the page that does it by POST: 303.
func (a *API) ResendVerification(c *gin.Context) error {
	c.Header("Vary", "Accept")
	if utils.AsksFor(c, "text/html", "application/xhtml+xml") {
		return pages.Redirect(c, "../../verify-email?email="+url.QueryEscape(c.Query("email")))
	}
	if email, err := text.CanonicalEmail(c.Query("email")); err == nil && !utils.OnlyLooks(c) {
		if err := a.service.ResendVerification(c.Request.Context(), email); err != nil {
			return err
		}
	}
	c.JSON(http.StatusCreated, empty{})
	return nil
}
