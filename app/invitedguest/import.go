package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/users"
)

// Invitee is a guest imported from another system.
type Invitee struct {
	User       users.Reference // must be locked
	Role       string          // valid: CheckRole
	AcceptedAt *time.Time      // nil: not answered
	TagIDs     []int64         // of the event, without duplicates
}

// Imported is the result for one Invitee.
type Imported struct {
	Created bool // false: was a guest already; role and answer are unchanged
	Tags    int  // how many were added
}

// Import stores guests of an event in tx, and adds the tags that they lack. The invitees must be distinct users. It
// sends no mails, since they have been invited elsewhere. The results are in the order of the invitees.
func Import(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID int64, invitees []Invitee,
) ([]Imported, error) {
	userIDs := make([]int64, len(invitees))
	for i := range invitees {
		userIDs[i] = invitees[i].User.ID
	}
	ids, err := guestIDs(ctx, tx, eventID, userIDs)
	if err != nil {
		return nil, err
	}
	results := make([]Imported, len(invitees))
	var rows []InvitedGuest
	for i := range invitees {
		if _, there := ids[invitees[i].User.ID]; !there {
			rows, results[i].Created = append(rows, invitees[i].guest(eventID)), true
		}
	}
	if len(rows) > 0 {
		if err := tx.WithContext(ctx).CreateInBatches(rows, rowsPerStatement).Error; err != nil {
			return nil, fmt.Errorf("store guests: %w", err)
		}
		if err := recordImported(ctx, tx, actor, eventID, rows); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		ids[rows[i].UserID] = rows[i].ID
	}
	return results, importTags(ctx, tx, invitees, ids, results)
}

// recordImported stores the audit events of new guests: one about each, and one with their number.
func recordImported(ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID int64, rows []InvitedGuest) error {
	userIDs := make([]int64, len(rows))
	for i := range rows {
		userIDs[i] = rows[i].UserID
	}
	detail := map[string]any{"event_id": eventID, "guests": len(rows)}
	return errors.Join(
		audit.RecordEach(ctx, tx, actor, audit.GuestInvited, userIDs, invitedDetail(eventID, false)),
		record(ctx, tx, actor, audit.GuestsInvited, actor.UserID, detail),
	)
}

func (i *Invitee) guest(eventID int64) InvitedGuest {
	g := newInvitedGuest(eventID, i.User, i.Role, MailNone)
	if i.AcceptedAt != nil {
		g.Status, g.AnsweredAt = Accepted, i.AcceptedAt
	}
	return g
}

// guestIDs returns the guest IDs of the users who are guests of the event, by user ID. The users must be distinct.
func guestIDs(ctx context.Context, db *gorm.DB, eventID int64, userIDs []int64) (map[int64]int64, error) {
	var found []InvitedGuest
	// The unary plus keeps SQLite from scanning all guests of the event and, for each, all the IDs: it estimates ten
	// guests per event.
	query := db.WithContext(ctx).Select("invited_guests.id, invited_guests.user_id").
		Where("+invited_guests.event_id = ?", eventID)
	if err := database.WhereIn(query, "invited_guests.user_id", userIDs).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find who is a guest already: %w", err)
	}
	ids := make(map[int64]int64, len(userIDs))
	for i := range found {
		ids[found[i].UserID] = found[i].ID
	}
	return ids, nil
}

// importTags adds the tags that the guests lack, and counts them in results. ids are guest IDs by user ID.
func importTags(
	ctx context.Context, tx *gorm.DB, invitees []Invitee, ids map[int64]int64, results []Imported,
) error {
	guests := make([]int64, len(invitees))
	for i := range invitees {
		guests[i] = ids[invitees[i].User.ID]
	}
	var found []GuestTag
	query := tx.WithContext(ctx).Select("invited_guest_tags.invited_guest_id, invited_guest_tags.tag_id")
	if err := database.WhereIn(query, "invited_guest_tags.invited_guest_id", guests).Find(&found).Error; err != nil {
		return fmt.Errorf("find the tags of guests: %w", err)
	}
	there := make(map[GuestTag]bool, len(found))
	for _, row := range found {
		there[GuestTag{InvitedGuestID: row.InvitedGuestID, TagID: row.TagID}] = true
	}
	var missing []GuestTag
	for i := range invitees {
		for _, row := range guestTags(guests[i], invitees[i].TagIDs) {
			if !there[row] {
				missing = append(missing, row)
				results[i].Tags++
			}
		}
	}
	_, err := attach(ctx, tx, missing)
	return err
}
