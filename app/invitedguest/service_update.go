package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Changes are the changes that an administrator makes to a guest. Zero fields leave the value unchanged.
type Changes struct {
	Role   string
	Status Status           // an answer on the guest's behalf; Invited takes an answer back
	TagIDs []int64          // replace the guest's tags; nil: unchanged
	Person users.Correction // only for an account created by the invitation
}

// Update makes a valid change to the guest of the event, even after registration has closed, and returns the changed
// guest as Read does. If the address changes, it mails the invitation there, within the limit of Resend, and earlier
// links stop working. It fails with utils.ErrGuestNotFound, utils.ErrTagNotFound, utils.ErrAccountInUse,
// utils.ErrEmailInUse and utils.ErrTooManyRequests, and as utils.CheckIfMatch does.
func (s *Service) Update(
	ctx context.Context, actor audit.Actor, eventID, guestID int64, change Changes, language string,
) (g Guest, tag string, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.update(ctx, tx, actor, eventID, guestID, change); err != nil {
			return err
		}
		g, tag, err = read(ctx, tx, eventID, guestID, language)
		return err
	})
	return g, tag, err
}

func (s *Service) update(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID, guestID int64, change Changes,
) error {
	if err := lockEvent(ctx, tx, eventID, forKeyShare); err != nil {
		return err
	}
	row, err := lockToChange(ctx, tx, eventID, guestID, change)
	if err != nil {
		return err
	}
	_, corrected, err := users.Correct(ctx, tx, eventID, row.UserID, change.Person, usedElsewhere(eventID))
	if errors.Is(err, users.ErrNotOwn) {
		err = fmt.Errorf("%w: %w", utils.ErrAccountInUse, err)
	}
	if err != nil {
		return err
	}
	g := &InvitedGuest{ID: row.ID, EventID: row.EventID, UserID: row.UserID, Role: row.Role, Status: row.Status}
	if err := s.storeChange(ctx, tx, actor, g, change, corrected); err != nil {
		return err
	}
	if slices.Contains(corrected, "email") {
		return s.readdress(ctx, tx, g)
	}
	return nil
}

// lockToChange locks the guest of the event until tx ends, and returns it. It locks the user before the guest, as
// composing a mail does. It fails as lockIfMatch does.
func lockToChange(ctx context.Context, tx *gorm.DB, eventID, guestID int64, change Changes) (*guestRow, error) {
	if !change.Person.IsZero() {
		row, err := find(ctx, tx, eventID, guestID)
		if err != nil {
			return nil, err
		}
		if _, err := users.Lock(ctx, tx, row.UserID); err != nil {
			return nil, err
		}
	}
	return lockIfMatch(ctx, tx, eventID, guestID)
}

// storeChange stores a change to a locked guest and its audit events. corrected names the changed fields of the person.
func (s *Service) storeChange(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, g *InvitedGuest, change Changes, corrected []string,
) error {
	columns := map[string]any{}
	if change.Role != "" && change.Role != g.Role {
		columns["role"], g.Role = change.Role, change.Role
		corrected = append(corrected, "role")
	}
	answered := change.Status != "" && change.Status != g.Status
	if answered {
		g.answer(change.Status, tx.NowFunc())
		columns["status"], columns["answered_at"] = g.Status, g.AnsweredAt
	}
	var err error
	if len(columns) > 0 {
		err = tx.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ?", g.ID).Updates(columns).Error
	}
	if err != nil {
		return fmt.Errorf("change a guest: %w", err)
	}
	if len(corrected) > 0 {
		detail := map[string]any{"event_id": g.EventID, "changed": corrected}
		err = record(ctx, tx, actor, audit.GuestCorrected, g.UserID, detail)
	}
	if answered {
		detail := map[string]any{"event_id": g.EventID, "status": g.Status, "on_behalf": true}
		err = errors.Join(err, record(ctx, tx, actor, audit.GuestAnswered, g.UserID, detail),
			s.notify(ctx, tx, g, actor.UserID))
	}
	if err == nil && change.TagIDs != nil {
		err = replaceTags(ctx, tx, actor, g, change.TagIDs)
	}
	return err
}

// readdress deletes the codes mailed to the guest's old address and, if the invitation can still be answered, mails it
// to the new one. An invitation still in the outbox goes to the new address anyway.
func (s *Service) readdress(ctx context.Context, tx *gorm.DB, g *InvitedGuest) error {
	if err := tx.WithContext(ctx).Where("invited_guest_id = ?", g.ID).Delete(&Code{}).Error; err != nil {
		return fmt.Errorf("end the codes of a guest: %w", err)
	}
	event, err := events.Find(ctx, tx, g.EventID)
	if err != nil {
		return err
	}
	if checkInvitable(event, tx.NowFunc()) != nil {
		return setMailStatus(ctx, tx, g.ID, MailNone)
	}
	last, err := s.checkRate(ctx, tx, g.ID) // otherwise a caller could mail any number of strangers
	if err != nil {
		return err
	}
	if !last.Untried() || g.Status != Invited {
		err = s.outbox.Enqueue(ctx, tx, newInvitationAgain(g.EventID, g.ID))
	}
	return errors.Join(err, setMailStatus(ctx, tx, g.ID, s.enqueuedStatus()))
}
