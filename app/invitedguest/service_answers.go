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

// checkAnswerableAt returns nil if guests of the event can answer at the time, else utils.ErrEventCancelled,
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

// checkInvitable is checkAnswerableAt for an invitation, which guests may answer later.
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

// ByCode returns the guest whose code it is, with event and user, or utils.ErrInvitationNotValid.
func (s *Service) ByCode(ctx context.Context, code string) (*InvitedGuest, error) {
	return loadByCode(ctx, s.db, code)
}

// IssueLink returns a link to the page on which the guest answers, as the mail that invites the guest has one. Earlier
// links stay good.
func (s *Service) IssueLink(ctx context.Context, guestID int64) (string, error) {
	return issueLink(ctx, s.db, s.publicURL, guestID)
}

// Calendar returns the event of a guest that ByCode returned, for the guest's calendar.
func (s *Service) Calendar(g *InvitedGuest) calendar.Event {
	return s.calendars.current(g.Event, g.invitationID(), g.User, s.db.NowFunc())
}

// Answer stores the answer of a guest that ByCode returned, which may replace an earlier one, and a comment to the
// organisers, unless it is nil. The administrators who want it are told. It fails as CheckAnswerable does.
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

// enqueue requests mails to guests of the event. It returns about when the last of them goes out, or nil if none has to
// wait.
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
// those who want none, and those whose address was refused for good. It returns how many it mails, how many want none,
// and about when the last of these mails goes out if some have to wait. It fails with utils.ErrEventNotFound, and as
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
