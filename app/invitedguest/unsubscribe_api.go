package invitedguest

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// unsubscribePath leads from the page to answer on to the one that ends reminders.
const unsubscribePath = "/unsubscribe"

// unsubscribeView is the data of the page.
type unsubscribeView struct {
	Problem string // a word's name: why there is nothing to end; empty: there is
	Event   string
	Page    string // to answer on, relative to this one
	Done    bool
}

// OptOutPage asks the guest whose code is in the URL whether to end the reminders of the invitation: 200. It
// changes nothing.
func (a *API) OptOutPage(c *gin.Context) error {
	return a.writeOptOut(c, func(context.Context, *InvitedGuest) error { return nil })
}

// OptOutOnPage ends the reminders of the invitation whose code is in the URL, and says so: 200. The body is not
// read: programs for mail send "List-Unsubscribe=One-Click", and follow no redirect (RFC 8058, 3.1).
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
