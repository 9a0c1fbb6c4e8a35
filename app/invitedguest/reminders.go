package invitedguest

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

const maxReminder = 50 // characters of a reminder's name, as the column counts them

// reminding is the body of POST /api/v1/invitedGuest/remind.
type reminding struct {
	EventID  int64  `json:"event_id"`
	Reminder string `json:"reminder"` // a name by which organisers tell one reminder from the next
}

// Validate implements utils.Validator.
func (r *reminding) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	if strings.TrimSpace(r.Reminder) == "" {
		wrong.Add("reminder", "is required: a name for this reminder, which nobody gets twice")
	}
	wrong.Add("reminder", text.CheckLine(r.Reminder, maxReminder))
	return wrong
}

// reminded answers how many guests are reminded.
type reminded struct {
	Reminded int `json:"reminded"`
}

// Remind mails those guests of an event who have not answered, but for those who got that reminder before: 200 with how
// many.
func (a *API) Remind(c *gin.Context) error {
	var request reminding
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	ctx := c.Request.Context()
	event, err := events.Find(ctx, a.db, request.EventID)
	if err != nil {
		return err
	}
	if !answerable(event, a.db.NowFunc()) {
		return utils.ErrRegistrationClosed
	}
	var answer reminded
	err = a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		answer.Reminded, err = a.remind(ctx, tx, request)
		return err
	})
	if err != nil {
		return err
	}
	a.outbox.Wake()
	c.JSON(http.StatusOK, answer)
	return nil
}

// remind notes in tx who is reminded, and asks for the mails. The primary key decides who was reminded before. Guests are
// kept from being removed meanwhile, in one order, so that two who remind wait for each other one way only.
func (a *API) remind(ctx context.Context, tx *gorm.DB, request reminding) (int, error) {
	var ids []int64
	err := tx.WithContext(ctx).Raw("INSERT INTO invited_guest_reminders (invited_guest_id, name, created_at) "+
		"SELECT invited_guests.id, CAST(? AS text), "+instant(tx)+" FROM invited_guests "+withUsers+
		" WHERE invited_guests.event_id = ? AND invited_guests.status = ? ORDER BY invited_guests.id"+kept(tx)+
		" ON CONFLICT DO NOTHING RETURNING invited_guest_id",
		request.Reminder, tx.NowFunc(), request.EventID, Invited).Scan(&ids).Error
	if err != nil {
		return 0, fmt.Errorf("note who is reminded: %w", err)
	}
	mails := make([]mail.Request, len(ids))
	for i, id := range ids {
		mails[i] = newGuestRequest(reminderMail, id)
	}
	return len(ids), a.outbox.Enqueue(ctx, tx, mails...)
}

// instant is a parameter that PostgreSQL cannot guess to be a time where no column stands beside it.
func instant(db *gorm.DB) string {
	if db.Name() == "postgres" {
		return "CAST(? AS timestamptz)"
	}
	return "?"
}

// kept ends a query whose guests PostgreSQL keeps from being removed before the transaction ends, as SQLite does anyway.
func kept(db *gorm.DB) string {
	if db.Name() == "postgres" {
		return " FOR KEY SHARE OF invited_guests"
	}
	return ""
}
