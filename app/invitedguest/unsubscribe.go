package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

// unsubscribePath leads from the page to answer on to the one that ends reminders.
const unsubscribePath = "/unsubscribe"

// unsubscribeView is what the page is given.
type unsubscribeView struct {
	Problem string // a word's name: why there is nothing to end; empty: there is
	Event   string
	Page    string // to answer on, relative to this one
	Done    bool
}

// UnsubscribePage asks the guest whose code is in the URL whether to end the reminders of the invitation: 200. It
// changes nothing.
func (a *API) UnsubscribePage(c *gin.Context) error {
	return a.unsubscribePage(c, func(context.Context, *InvitedGuest) error { return nil })
}

// UnsubscribeOnPage ends the reminders of the invitation whose code is in the URL, and says so: 200. The body is not
// read: programs for mail send "List-Unsubscribe=One-Click", and follow no redirect (RFC 8058, 3.1).
func (a *API) UnsubscribeOnPage(c *gin.Context) error {
	return a.unsubscribePage(c, a.service.Unsubscribe)
}

func (a *API) unsubscribePage(c *gin.Context, do func(context.Context, *InvitedGuest) error) error {
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
	view := unsubscribeView{Event: textFor(g.User, g.Event, g.Event.Name), Page: "../" + code, Done: g.UnsubscribedAt != nil}
	return loadPages().Write(c, http.StatusOK, "unsubscribe", languageFor(g.User, g.Event), view)
}

// Unsubscribe ends the reminders of a guest that ByCode returned. The invitation stays as it is.
func (s *Service) Unsubscribe(ctx context.Context, g *InvitedGuest) error {
	if g.UnsubscribedAt != nil {
		return nil
	}
	now := s.db.NowFunc()
	if err := s.db.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ?", g.ID).UpdateColumn("unsubscribed_at", now).Error; err != nil {
		return fmt.Errorf("end the reminders of a guest: %w", err)
	}
	g.UnsubscribedAt = &now
	return nil
}

// countUnsubscribed returns how many guests of the event have not answered, and want no reminders.
func countUnsubscribed(ctx context.Context, tx *gorm.DB, eventID int64) (int, error) {
	var count int64
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).
		Where("event_id = ? AND status = ? AND unsubscribed_at IS NOT NULL", eventID, Invited).Count(&count).Error
	if err != nil {
		return 0, fmt.Errorf("count the guests who want no reminders: %w", err)
	}
	return int(count), nil
}
