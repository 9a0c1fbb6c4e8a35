package invitedguest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
)

// PersonalData exports and erases this feature's data about users: their invitations, notifications and mails.
type PersonalData struct{}

// invitationExport is an invitation in a user's data export.
type invitationExport struct {
	ID           int64             `json:"invited_guest_id"`
	EventID      int64             `json:"event_id"`
	EventKey     string            `json:"event_key"`
	EventName    text.Translations `json:"event_name"`
	Role         string            `json:"role"`
	Status       Status            `json:"status"`
	AnsweredAt   *time.Time        `json:"answered_at"`
	Comment      string            `json:"comment"`
	Unsubscribed *time.Time        `json:"unsubscribed_at"`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
	Tags         []tagExport       `json:"tags"`
	Reminders    []reminderExport  `json:"reminders"`

	MailStatus   MailStatus `json:"mail_status"`
	RefusedEmail string     `json:"refused_email"` // may be empty
}

type tagExport struct {
	ID   int64             `json:"id"`
	Type string            `json:"tag_type"`
	Name text.Translations `json:"name"`
}

type reminderExport struct {
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// Sections implements users.PersonalData.
func (PersonalData) Sections(db *gorm.DB, user *users.User) []users.Section {
	return []users.Section{
		users.NewSection("invitations", func(ctx context.Context, after int64) ([]invitationExport, int64, error) {
			return exportInvitations(ctx, db, user.ID, after)
		}),
		users.NewSection("invitation_mails", func(ctx context.Context, _ int64) ([]mail.Entry, int64, error) {
			return exportMails(ctx, db, user.ID)
		}),
		users.NewSection("answer_notifications", func(ctx context.Context, _ int64) ([]notificationExport, int64, error) {
			return exportNotifications(ctx, db, user.ID)
		}),
	}
}

// exportInvitations returns a batch of the user's invitations after the given ID, and the ID of the last one, or 0 at
// the end.
func exportInvitations(ctx context.Context, db *gorm.DB, userID, after int64) ([]invitationExport, int64, error) {
	var guests []InvitedGuest
	err := db.WithContext(ctx).InnerJoins("Event").Where("invited_guests.user_id = ? AND invited_guests.id > ?",
		userID, after).
		Order("invited_guests.id").Limit(rowsPerStatement).Find(&guests).Error
	if err != nil {
		return nil, 0, fmt.Errorf("find the invitations of a user: %w", err)
	}
	exported, ids, at := make([]invitationExport, len(guests)), make([]int64, len(guests)), map[int64]int{}
	for i, g := range guests {
		ids[i], at[g.ID] = g.ID, i
		exported[i] = invitationExport{
			g.ID, g.EventID, g.Event.Key, g.Event.Name, g.Role, g.Status, g.AnsweredAt, g.Comment,
			g.UnsubscribedAt, g.CreatedAt, g.UpdatedAt,
			[]tagExport{}, []reminderExport{}, g.MailStatus, g.RefusedEmail,
		}
	}
	var tagged []GuestTag
	query := db.WithContext(ctx).InnerJoins("Tag").Order("tag_id")
	if err := database.WhereIn(query, "invited_guest_id", ids).Find(&tagged).Error; err != nil {
		return nil, 0, fmt.Errorf("find the tags of a user: %w", err)
	}
	for _, t := range tagged {
		tags := &exported[at[t.InvitedGuestID]].Tags
		*tags = append(*tags, tagExport{t.TagID, t.Tag.TagType, t.Tag.Name})
	}
	var reminders []Reminder
	if err := database.WhereIn(db.WithContext(ctx).Order("name"), "invited_guest_id", ids).Find(&reminders).
		Error; err != nil {
		return nil, 0, fmt.Errorf("find the reminders of a user: %w", err)
	}
	for _, r := range reminders {
		of := &exported[at[r.InvitedGuestID]].Reminders
		*of = append(*of, reminderExport{r.Name, r.CreatedAt})
	}
	if len(guests) < rowsPerStatement {
		return exported, 0, nil
	}
	return exported, ids[len(ids)-1], nil
}

// notificationExport is a notification in a user's data export.
type notificationExport struct {
	EventID   int64     `json:"event_id"`
	Answers   Frequency `json:"answers"`
	CreatedAt time.Time `json:"created_at"`
}

func exportNotifications(ctx context.Context, db *gorm.DB, userID int64) ([]notificationExport, int64, error) {
	found, err := notificationsOf(ctx, db, userID)
	exported := make([]notificationExport, len(found))
	for i, n := range found {
		exported[i] = notificationExport{n.EventID, n.Answers, n.CreatedAt}
	}
	return exported, 0, err
}

// exportMails returns the mails about the user's invitations; the outbox keeps them for a week.
func exportMails(ctx context.Context, db *gorm.DB, userID int64) (entries []mail.Entry, more int64, err error) {
	to, err := mailsTo(ctx, db, userID)
	for i := 0; i < len(to) && err == nil; i++ {
		var found []mail.Entry
		found, _, err = mail.List(ctx, db, to[i], time.Time{}, 0)
		entries = append(entries, found...)
	}
	return entries, 0, err
}

// mailsTo selects the mails about the user's invitations.
func mailsTo(ctx context.Context, db *gorm.DB, userID int64) ([]mail.Filter, error) {
	var ids []int64
	if err := db.WithContext(ctx).Model(&InvitedGuest{}).Where("user_id = ?", userID).Order("id").Pluck("id", &ids).
		Error; err != nil {
		return nil, fmt.Errorf("find the invitations of a user: %w", err)
	}
	to := []mail.Filter{{Recipients: []string{strconv.FormatInt(userID, 10)}, Kinds: []string{withdrawnMail, previewMail}}}
	for _, id := range ids {
		to = append(to, mail.Filter{Recipients: []string{strconv.FormatInt(id, 10)}, Kinds: []string{
			invitationMail, reminderMail, changeMail, cancellationMail,
		}})
	}
	wanted, err := notificationsOf(ctx, db, userID)
	if err != nil {
		return nil, err
	}
	for _, n := range wanted {
		to = append(to, mail.Filter{Recipients: []string{answersRecipient(n.EventID, userID)}, Kinds: []string{answersMail}})
	}
	return to, nil
}

// Erase implements users.PersonalData. Tags and reminders are deleted with the invitations.
func (PersonalData) Erase(ctx context.Context, tx *gorm.DB, e users.Erasure) error {
	to, err := mailsTo(ctx, tx, e.UserID)
	if err != nil {
		return err
	}
	for _, mails := range to {
		if err := mail.Forget(ctx, tx, mails, tx.NowFunc()); err != nil {
			return err
		}
	}
	if err := tx.WithContext(ctx).Where("user_id = ?", e.UserID).Delete(&InvitedGuest{}).Error; err != nil {
		return fmt.Errorf("delete the invitations of a user: %w", err)
	}
	if err := tx.WithContext(ctx).Where("user_id = ?", e.UserID).Delete(&Notification{}).Error; err != nil {
		return fmt.Errorf("delete the notifications of a user: %w", err)
	}
	return eraseFromResponses(ctx, tx, e)
}

// eraseFromResponses removes the address from stored responses to bulk requests. The rows stay, so that a repeated
// request does not invite the person again.
func eraseFromResponses(ctx context.Context, tx *gorm.DB, e users.Erasure) error {
	address, err := json.Marshal(e.Email)
	if err != nil {
		return fmt.Errorf("erase an address from stored responses: %w", err)
	}
	const without = "REPLACE(answer, CAST(? AS text), '\"email\":\"\"')"
	email := `"email":` + string(address)
	err = tx.WithContext(ctx).Model(&BulkResponse{}).Where("created_at <= ? AND "+without+" <> answer", e.Until, email).
		UpdateColumn("answer", gorm.Expr(without, email)).Error
	if err != nil {
		return fmt.Errorf("erase an address from stored responses: %w", err)
	}
	return nil
}
