package invitedguest

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/calendar"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/utils"
)

// answersUntil returns when answers close: when registration closes, else when the event ends. It is nil for a journal
// without an end, which can always be answered.
func answersUntil(event *events.Event) *time.Time {
	until := event.RegistrationClose
	if until == nil {
		until = event.EndDate
	}
	return utc(until)
}

// utc converts t to UTC, whatever location the database driver set.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}

// checkAnswerableAt returns nil if guests of the event can answer at the given time, else utils.ErrEventCancelled,
// utils.ErrRegistrationNotOpen or utils.ErrRegistrationClosed.
func checkAnswerableAt(event *events.Event, at time.Time) error {
	until := answersUntil(event)
	switch {
	case event.CancelledAt != nil:
		return utils.ErrEventCancelled
	case until != nil && !at.Before(*until):
		return utils.ErrRegistrationClosed
	case event.RegistrationOpen != nil && at.Before(*event.RegistrationOpen):
		return utils.ErrRegistrationNotOpen
	}
	return nil
}

// checkInvitable is checkAnswerableAt for invitations, which may be sent before registration opens.
func checkInvitable(event *events.Event, at time.Time) error {
	err := checkAnswerableAt(event, at)
	if errors.Is(err, utils.ErrRegistrationNotOpen) {
		return nil
	}
	return err
}

// CheckAnswerable returns nil if guests of the event can answer now, else utils.ErrEventCancelled,
// utils.ErrRegistrationNotOpen or utils.ErrRegistrationClosed.
func (s *Service) CheckAnswerable(event *events.Event) error {
	return checkAnswerableAt(event, s.db.NowFunc())
}

// ByCode returns the guest that the code authenticates, with event and user, or utils.ErrInvitationNotValid.
func (s *Service) ByCode(ctx context.Context, code string) (*InvitedGuest, error) {
	return loadByCode(ctx, s.db, code)
}

// IssueLink returns a new link to the page on which the guest answers, like the one in an invitation. Earlier links
// stay valid.
func (s *Service) IssueLink(ctx context.Context, guestID int64) (string, error) {
	return issueLink(ctx, s.db, s.publicURL, guestID)
}

// Calendar returns the calendar entry for a guest that ByCode returned.
func (s *Service) Calendar(g *InvitedGuest) calendar.Event {
	return s.calendars.current(g.Event, g.invitationID(), g.User, s.db.NowFunc())
}

// Answer stores the answer of a guest that ByCode returned and, unless it is nil, a comment to the organisers. It
// notifies the administrators who have asked for it. It fails as CheckAnswerable does.
func (s *Service) Answer(ctx context.Context, g *InvitedGuest, status Status, comment *string) error {
	if err := s.CheckAnswerable(g.Event); err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		changed, err := storeAnswer(ctx, tx, g, status, comment)
		if err != nil || !changed {
			return err
		}
		return s.notify(ctx, tx, g, 0)
	})
}

// enqueue enqueues mails to guests of the event. It returns approximately when the last of them goes out, or nil if
// none has to wait.
func (s *Service) enqueue(ctx context.Context, tx *gorm.DB, eventID int64, mails []mail.Request) (*time.Time, error) {
	if err := s.outbox.Enqueue(ctx, tx, mails...); err != nil || len(mails) == 0 {
		return nil, err
	}
	last, err := s.outbox.LastOf(ctx, tx, mailGroup(eventID))
	if err != nil || last.IsZero() {
		return nil, err
	}
	last = last.UTC()
	return &last, nil
}

// Remind mails the guests of an event who have not answered, except those who got the reminder of that name before,
// ended reminders, or have an address that was refused for good. It fails with utils.ErrEventNotFound, and as
// CheckAnswerable does.
func (s *Service) Remind(
	ctx context.Context, actor audit.Actor, eventID int64, reminder string,
) (r Reminded, err error) {
	event, err := events.Find(ctx, s.db, eventID)
	if err != nil {
		return Reminded{}, err
	}
	if err := s.CheckAnswerable(event); err != nil {
		return Reminded{}, err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		ids, err := storeReminders(ctx, tx, eventID, reminder)
		if err != nil {
			return err
		}
		mails := make([]mail.Request, len(ids))
		for i, id := range ids {
			mails[i] = newGuestRequest(reminderMail, eventID, id)
		}
		r.Reminded = len(ids)
		if r.Unsubscribed, err = countUnsubscribed(ctx, tx, eventID); err != nil {
			return err
		}
		people, err := usersOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		detail := map[string]any{"event_id": eventID}
		if err := audit.RecordEach(ctx, tx, actor, audit.GuestReminded, people, detail); err != nil {
			return err
		}
		r.LastMailAt, err = s.enqueue(ctx, tx, eventID, mails)
		return err
	})
	return r, err
}
