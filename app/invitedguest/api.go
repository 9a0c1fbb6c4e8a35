package invitedguest

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API answers the requests of this feature.
type API struct {
	db        *gorm.DB
	users     *users.Service
	cursors   *secrets.Cursors
	codes     codes
	outbox    *mail.Outbox
	templates *mail.Templates
	publicURL string
}

// Options are what an API needs. All are required.
type Options struct {
	Users     *users.Service
	Cursors   *secrets.Cursors
	CodeKeys  secrets.KeySet // sign the links in invitations
	Outbox    *mail.Outbox   // NewAPI registers the mails of this feature there
	PublicURL string         // what links in mails begin with
}

// NewAPI returns an API on db.
func NewAPI(db *gorm.DB, o Options) *API {
	a := &API{
		db: db, users: o.Users, cursors: o.Cursors, codes: newCodes(o.CodeKeys), outbox: o.Outbox,
		templates: parseTemplates(), publicURL: o.PublicURL,
	}
	a.outbox.Compose(invitationMail, a.compose)
	a.outbox.Compose(reminderMail, a.compose)
	a.outbox.Compose(withdrawnMail, a.composeWithdrawn)
	return a
}

// Invite invites a user to an event: 201 with whom.
func (a *API) Invite(c *gin.Context) error {
	var request invitation
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	return a.invite(c, request.EventID, func(ctx context.Context, tx *gorm.DB) (invited, error) {
		user, err := users.HoldByEmail(ctx, tx, request.Email)
		if err != nil {
			return invited{}, err
		}
		return a.store(c, tx, request.EventID, user, request.Role, request.TagIDs)
	})
}

// Create makes somebody a user, who sets a password by a mailed code, and invites them to an event: 201 with whom.
func (a *API) Create(c *gin.Context) error {
	var request creation
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	return a.invite(c, request.EventID, func(ctx context.Context, tx *gorm.DB) (answer invited, err error) {
		err = users.Create(ctx, tx, request.person(), func(tx *gorm.DB, user *users.User) (err error) {
			answer, err = a.store(c, tx, request.EventID, user, request.Role, request.TagIDs)
			return err
		})
		return answer, err
	})
}

// invite answers with the guest that do stores, in a transaction that holds the event: before the user, as whoever invites
// many does.
func (a *API) invite(c *gin.Context, eventID int64, do func(ctx context.Context, tx *gorm.DB) (invited, error)) error {
	if err := a.administers(c, eventID); err != nil {
		return err
	}
	var answer invited
	ctx := c.Request.Context()
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if err = holdEvent(ctx, tx, eventID, beside); err == nil {
			answer, err = do(ctx, tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	a.outbox.Wake()
	c.JSON(http.StatusCreated, answer)
	return nil
}

// store makes a user who is held a guest, and stores with it the mail and what is kept for the audit, in tx.
func (a *API) store(c *gin.Context, tx *gorm.DB, eventID int64, user *users.User, role string, tagIDs []int64) (invited, error) {
	ctx := c.Request.Context()
	if err := checkTagsOf(ctx, tx, eventID, tagIDs); err != nil {
		return invited{}, err
	}
	g := newInvitedGuest(eventID, user.Reference(), role)
	if err := insert(ctx, tx, &g, tagIDs); err != nil {
		return invited{}, err
	}
	return newInvited(&g, user), errors.Join(
		a.outbox.Enqueue(ctx, tx, newGuestRequest(invitationMail, g.ID)),
		record(c, tx, audit.GuestInvited, g.UserID, map[string]any{"event_id": eventID}),
	)
}

// Read answers a guest: 200.
func (a *API) Read(c *gin.Context) error {
	var request oneGuest
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	ctx := c.Request.Context()
	row, err := find(ctx, a.db, request.EventID, request.GuestID)
	if err != nil {
		return err
	}
	found, err := tagsOf(ctx, a.db, []int64{row.ID}, language)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newGuest(row, found[row.ID]))
	return nil
}

// Remove withdraws an invitation and tells the guest: 200 with nothing.
func (a *API) Remove(c *gin.Context) error {
	var request oneGuest
	if err := utils.DecodeBodyOrQuery(c, &request); err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	ctx := c.Request.Context()
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := find(ctx, tx, request.EventID, request.GuestID)
		if err != nil {
			return err
		}
		if err := remove(ctx, tx, request.EventID, request.GuestID); err != nil {
			return err
		}
		return errors.Join(
			a.outbox.Enqueue(ctx, tx, newWithdrawnMail(row.EventID, row.UserID)),
			record(c, tx, audit.GuestRemoved, row.UserID, map[string]any{"event_id": row.EventID}),
		)
	})
	if err != nil {
		return err
	}
	a.outbox.Wake()
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Check tells the caller whether they are a guest of the event: 200 or 404, in the original web client's words.
func (a *API) Check(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	found, err := isGuest(c.Request.Context(), a.db, request.EventID, users.Current(c).ID)
	if err != nil {
		return err
	}
	if found {
		c.JSON(http.StatusOK, "Invited Guest")
	} else {
		c.JSON(http.StatusNotFound, "Not an invited guest")
	}
	return nil
}

// administers fails with utils.ErrForbidden or utils.ErrEventNotFound unless the caller may manage the event's guests.
func (a *API) administers(c *gin.Context, eventID int64) error {
	return events.Admin(c.Request.Context(), a.db, users.Current(c), eventID)
}

// record keeps what the caller has done to a user; what was done to many is kept as done to the caller.
func record(c *gin.Context, tx *gorm.DB, kind audit.Kind, userID int64, detail map[string]any) error {
	event := audit.From(c, kind, userID).By(users.Current(c).ID).With(detail)
	return audit.Record(c.Request.Context(), tx, event)
}
