package invitedguest

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/utils"
)

// answersUntil is when answers can no longer be given: when registration closes, else when the event ends. A journal
// without an end has answers for ever: nil.
func answersUntil(event *events.Event) *time.Time {
	until := event.RegistrationClose
	if until == nil {
		until = event.EndDate
	}
	return utc(until)
}

// utc returns the time in UTC, whatever zone the database returns times in.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}

// answerable reports whether guests of the event can answer at the time.
func answerable(event *events.Event, at time.Time) bool {
	until := answersUntil(event)
	return until == nil || at.Before(*until)
}

// Answerable reports whether guests of the event can answer now.
func (s *Service) Answerable(event *events.Event) bool { return answerable(event, s.db.NowFunc()) }

// ByCode returns the guest whose code it is, with event and user, or utils.ErrInvitationNotValid.
func (s *Service) ByCode(ctx context.Context, code string) (*InvitedGuest, error) {
	return s.codes.find(ctx, s.db, code)
}

// Answer stores the answer of a guest that ByCode returned, which may replace an earlier one. It fails with
// utils.ErrRegistrationClosed.
func (s *Service) Answer(ctx context.Context, g *InvitedGuest, status Status) error {
	if !s.Answerable(g.Event) {
		return utils.ErrRegistrationClosed
	}
	return setStatus(ctx, s.db, g, status)
}

// Remind mails the guests of an event who have not answered, except those who got the reminder of that name before. It
// returns how many it mails. It fails with utils.ErrEventNotFound or utils.ErrRegistrationClosed.
func (s *Service) Remind(ctx context.Context, eventID int64, reminder string) (reminded int, err error) {
	event, err := events.Find(ctx, s.db, eventID)
	if err != nil {
		return 0, err
	}
	if !s.Answerable(event) {
		return 0, utils.ErrRegistrationClosed
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		ids, err := storeReminders(ctx, tx, eventID, reminder)
		if err != nil {
			return err
		}
		mails := make([]mail.Request, len(ids))
		for i, id := range ids {
			mails[i] = newGuestRequest(reminderMail, id)
		}
		reminded = len(ids)
		return s.outbox.Enqueue(ctx, tx, mails...)
	})
	return reminded, err
}
