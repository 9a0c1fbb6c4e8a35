package invitedguest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/utils"
)

// answersUntil is when answers can no longer be given: when registration closes, else when the event ends.
func answersUntil(event *events.Event) time.Time {
	if event.RegistrationClose != nil {
		return *event.RegistrationClose
	}
	return event.EndDate
}

// answerable tells whether guests of the event can answer at the time.
func answerable(event *events.Event, at time.Time) bool { return at.Before(answersUntil(event)) }

// answer is the body of POST /api/v1/invitation.
type answer struct {
	Code     string `json:"code"`
	Status   Status `json:"status"`
	Language string `json:"language"`
}

// Validate implements utils.Validator.
func (r *answer) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if r.Code == "" {
		wrong.Add("code", "is required")
	}
	wrong.Add("status", checkAnswer(r.Status))
	return wrong
}

func checkAnswer(status Status) string {
	if status != Accepted && status != Declined {
		return "must be accepted or declined"
	}
	return ""
}

// answered answers POST /api/v1/invitation.
type answered struct {
	GuestID   int64     `json:"invited_guest_id"`
	EventID   int64     `json:"event_id"`
	EventName string    `json:"event_name"`
	Role      string    `json:"role"`
	Status    Status    `json:"status"`
	Until     time.Time `json:"answer_until"`
}

// Answer takes a guest's answer, which they may change until registration closes: 200 with what stands now.
func (a *API) Answer(c *gin.Context) error {
	var request answer
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, request.Language)
	if err != nil {
		return err
	}
	g, err := a.answer(c, request.Code, request.Status)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, answered{
		g.ID, g.EventID, g.Event.Name.In(language), g.Role, g.Status, answersUntil(g.Event).UTC(),
	})
	return nil
}

// answer stores the answer of the guest whose code it is.
func (a *API) answer(c *gin.Context, code string, status Status) (*InvitedGuest, error) {
	ctx := c.Request.Context()
	g, err := a.codes.find(ctx, a.db, code)
	if err != nil {
		return nil, err
	}
	utils.LogUser(c, g.UserID)
	if !answerable(g.Event, a.db.NowFunc()) {
		return nil, utils.ErrRegistrationClosed
	}
	return g, setStatus(ctx, a.db, g, status)
}

// setStatus stores the guest's answer; the same one again changes nothing.
func setStatus(ctx context.Context, db *gorm.DB, g *InvitedGuest, status Status) error {
	now := db.NowFunc()
	done := db.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ? AND status <> ?", g.ID, status).
		Updates(map[string]any{"status": status, "answered_at": now})
	if done.Error != nil {
		return fmt.Errorf("store an answer: %w", done.Error)
	}
	g.Status = status
	return nil
}
