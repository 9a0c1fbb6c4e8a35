package invitedguest

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// unsubscribePath is appended to the path of the page to answer on.
const unsubscribePath = "/unsubscribe"

// unsubscribeView is the data of the page.
type unsubscribeView struct {
	Problem string // the key of the words that say why there is no invitation; empty: there is one
	Event   string
	Page    string // URL of the page to answer on, relative to this one
	Done    bool
}

// OptOutPage asks the guest that the code in the URL authenticates whether to end reminders: 200. It changes nothing.
func (a *API) OptOutPage(c *gin.Context) error {
	return a.writeOptOut(c, func(context.Context, *InvitedGuest) error { return nil })
}

// OptOutOnPage ends the reminders of the guest that the code in the URL authenticates: 200. It ignores the body: mail
// programs send "List-Unsubscribe=One-Click", and follow no redirect (RFC 8058, 3.1).
func (a *API) OptOutOnPage(c *gin.Context) error {
	return a.writeOptOut(c, a.service.Unsubscribe)
}

func (a *API) writeOptOut(c *gin.Context, do func(context.Context, *InvitedGuest) error) error {
	code := c.Param("code")
	g, err := a.byCode(c, code)
	if err == nil {
		err = do(c.Request.Context(), g)
	}
	if errors.Is(err, utils.ErrInvitationNotValid) {
		_ = c.Error(err) // for the log
		view := unsubscribeView{Problem: "not_valid"}
		return loadPages().Write(c, http.StatusNotFound, "unsubscribe", loadPages().Language(c), view)
	} else if err != nil {
		return err
	}
	view := unsubscribeView{
		Event: textFor(g.User, g.Event, g.Event.Name), Page: "../" + code, Done: g.UnsubscribedAt != nil,
	}
	return loadPages().Write(c, http.StatusOK, "unsubscribe", languageFor(g.User, g.Event), view)
}
