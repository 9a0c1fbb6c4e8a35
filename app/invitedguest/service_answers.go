package invitedguest

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
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

// closed reports whether it is too late at the time for guests of the event to answer.
func closed(event *events.Event, at time.Time) bool {
	until := answersUntil(event)
	return until != nil && !at.Before(*until)
}

// answerable reports whether guests of the event can answer at the time.
func answerable(event *events.Event, at time.Time) bool { return !closed(event, at) }

// Answerable reports whether guests of the event can answer now.
func (s *Service) Answerable(event *events.Event) bool { return answerable(event, s.db.NowFunc()) }

// ByCode returns the guest whose code it is, with event and user, or utils.ErrInvitationNotValid.
func (s *Service) ByCode(ctx context.Context, code string) (*InvitedGuest, error) {
	return loadByCode(ctx, s.db, code)
}

// IssueLink returns a link to the page on which the guest answers, as the mail that invites the guest has one. Earlier
// links stay good.
func (s *Service) IssueLink(ctx context.Context, guestID int64) (string, error) {
	return issueLink(ctx, s.db, s.publicURL, guestID)
}

// Answer stores the answer of a guest that ByCode returned, which may replace an earlier one. It fails with
// utils.ErrRegistrationClosed.
func (s *Service) Answer(ctx context.Context, g *InvitedGuest, status Status) error {
	if !s.Answerable(g.Event) {
		return utils.ErrRegistrationClosed
	}
	return setStatus(ctx, s.db, g, status)
}

// enqueue requests mails to guests of the event. It returns about when the last of them goes out, or nil if none has to
// wait.
func (s *Service) enqueue(ctx context.Context, tx *gorm.DB, eventID int64, mails []mail.Request) (*time.Time, error) {
	if err := s.outbox.Enqueue(ctx, tx, mails...); err != nil || len(mails) == 0 {
		return nil, err
	}
	last, err := s.outbox.LastOf(ctx, tx, mailsOf(eventID))
	if err != nil || last.IsZero() {
		return nil, err
	}
	last = last.UTC()
	return &last, nil
}

// Remind mails the guests of an event who have not answered, except those who got the reminder of that name before, and
// those whose address the mail server has refused for good. It returns how many it mails, and about when the last of these mails goes out if some have to wait. It fails with
// utils.ErrEventNotFound or utils.ErrRegistrationClosed.
func (s *Service) Remind(
	ctx context.Context, actor audit.Actor, eventID int64, reminder string,
) (r Reminded, err error) {
	event, err := events.Find(ctx, s.db, eventID)
	if err != nil {
		return Reminded{}, err
	}
	if !s.Answerable(event) {
		return Reminded{}, utils.ErrRegistrationClosed
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
