package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/users"
)

// This file implements Service.Update for many guests, in a few statements.

// correctMany corrects the accounts and returns the IDs of the users that users.CorrectMany refuses.
func correctMany(
	ctx context.Context, tx *gorm.DB, eventID int64, updates []guestUpdate,
) (refused map[int64]bool, err error) {
	corrections := map[int64]users.Correction{}
	for i := range updates {
		if person := updates[i].change.Person; !person.IsZero() {
			corrections[updates[i].guest.UserID] = person
		}
	}
	if len(corrections) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	return users.CorrectMany(ctx, tx, eventID, corrections, usedElsewhere(eventID))
}

// storeUpdates stores the roles, answers and tags of guests; it skips guests who were removed meanwhile.
func storeUpdates(ctx context.Context, tx *gorm.DB, updates []guestUpdate) error {
	byID := make(map[int64]*guestUpdate, len(updates))
	ids := make([]int64, len(updates))
	for i := range updates {
		ids[i] = updates[i].guest.ID
		byID[ids[i]] = &updates[i]
	}
	var found []InvitedGuest
	lock := clause.Locking{Strength: forNoKeyUpdate, Table: clause.Table{Name: "invited_guests"}}
	locked := tx.WithContext(ctx).Clauses(lock)
	if err := database.WhereIn(locked, "invited_guests.id", ids).Order("invited_guests.id").
		Find(&found).Error; err != nil {
		return fmt.Errorf("lock guests: %w", err)
	}
	var changed []InvitedGuest
	var lost, got []GuestTag
	for i := range found {
		g, u := found[i], byID[found[i].ID]
		if u.apply(&g, tx.NowFunc) {
			changed = append(changed, g)
		}
		without, with := u.tags()
		lost, got = append(lost, guestTags(g.ID, without)...), append(got, guestTags(g.ID, with)...)
	}
	if err := storeGuests(ctx, tx, changed); err != nil {
		return err
	}
	for some := range slices.Chunk(lost, rowsPerStatement) {
		pairs := make([][]any, len(some))
		for i, row := range some {
			pairs[i] = []any{row.InvitedGuestID, row.TagID}
		}
		if err := tx.WithContext(ctx).Where("(invited_guest_id, tag_id) IN ?", pairs).Delete(&GuestTag{}).Error; err != nil {
			return fmt.Errorf("take tags from guests: %w", err)
		}
	}
	_, err := attach(ctx, tx, got)
	return err
}

// apply changes the role and the answer of g, and reports whether there was anything to change.
func (u *guestUpdate) apply(g *InvitedGuest, now func() time.Time) bool {
	if u.change.Role != "" {
		g.Role = u.change.Role
	}
	if u.change.Status != "" && u.change.Status != g.Status {
		g.answer(u.change.Status, now())
	}
	g.UpdatedAt = now()
	return u.change.Role != "" || u.change.Status != ""
}

// tags returns the tags to take from the guest and to add.
func (u *guestUpdate) tags() (lost, got []int64) {
	if u.change.TagIDs == nil {
		return nil, nil
	}
	return tagsToReplace(u.guest.tagIDs, u.change.TagIDs)
}

// storeGuests stores the roles and answers of existing guests.
func storeGuests(ctx context.Context, tx *gorm.DB, guests []InvitedGuest) error {
	if len(guests) == 0 {
		return nil
	}
	err := tx.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"role", "status", "answered_at", "updated_at"}),
	}).CreateInBatches(guests, rowsPerStatement).Error
	if err != nil {
		return fmt.Errorf("change guests: %w", err)
	}
	return nil
}

// recordUpdates stores the audit events that Service.Update would store for each guest.
func recordUpdates(ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID int64, updates []guestUpdate) error {
	groups := map[string]*auditGroup{} // users with the same event
	var order []*auditGroup
	add := func(kind audit.Kind, userID int64, name string, value any) {
		key := fmt.Sprint(kind, name, value)
		if groups[key] == nil {
			groups[key] = &auditGroup{kind: kind, detail: map[string]any{"event_id": eventID, name: value}}
			order = append(order, groups[key])
		}
		groups[key].userIDs = append(groups[key].userIDs, userID)
	}
	for i := range updates {
		u := &updates[i]
		corrected := slices.DeleteFunc(slices.Clone(u.changed), func(field string) bool {
			return field == "tags" || field == "status"
		})
		if len(corrected) > 0 {
			add(audit.GuestCorrected, u.guest.UserID, "changed", corrected)
		}
		if u.change.Status != "" {
			add(audit.GuestAnswered, u.guest.UserID, "status", u.change.Status)
		}
		lost, got := u.tags()
		for _, id := range lost {
			add(audit.GuestUntagged, u.guest.UserID, "tag_id", id)
		}
		for _, id := range got {
			add(audit.GuestTagged, u.guest.UserID, "tag_id", id)
		}
	}
	var failed error
	for _, group := range order {
		if group.kind == audit.GuestAnswered {
			group.detail["on_behalf"] = true
		}
		failed = errors.Join(failed, audit.RecordEach(ctx, tx, actor, group.kind, group.userIDs, group.detail))
	}
	return failed
}

// notifyUpdates notifies the administrators who have asked for it of the stored answers.
func (s *Service) notifyUpdates(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID int64, updates []guestUpdate,
) error {
	var answered, takenBack []int64
	for i := range updates {
		switch u := &updates[i]; u.change.Status {
		case "":
		case Invited:
			takenBack = append(takenBack, u.guest.ID)
		default:
			answered = append(answered, u.guest.ID)
		}
	}
	return errors.Join(deleteNews(ctx, tx, takenBack), s.notifyAll(ctx, tx, eventID, answered, actor.UserID))
}

// auditGroup are users with the same audit event.
type auditGroup struct {
	kind    audit.Kind
	detail  map[string]any
	userIDs []int64
}
