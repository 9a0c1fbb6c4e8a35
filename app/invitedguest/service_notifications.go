package invitedguest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/app/mail"
	"guestlist/app/text"
)

// Frequency returns how often the user is notified of the event's answers.
func (s *Service) Frequency(ctx context.Context, eventID, userID int64) (Frequency, error) {
	return frequencyOf(ctx, s.db, eventID, userID)
}

// SetFrequency stores how often the user, an administrator of the event, is notified of its answers.
func (s *Service) SetFrequency(ctx context.Context, eventID, userID int64, frequency Frequency) error {
	return storeFrequency(ctx, s.db, eventID, userID, frequency)
}

// notify is notifyAll for one guest, who may have taken an answer back.
func (s *Service) notify(ctx context.Context, tx *gorm.DB, g *InvitedGuest, by int64) error {
	if g.Status == Invited {
		return deleteNews(ctx, tx, []int64{g.ID})
	}
	return s.notifyAll(ctx, tx, g.EventID, []int64{g.ID}, by)
}

// notifyAll enqueues mails about the guests' answers to the administrators who want to be notified immediately, except
// the user by, who recorded the answers; by is 0 if the guests answered themselves. One mail reports all answers that
// are stored before it goes out.
func (s *Service) notifyAll(ctx context.Context, tx *gorm.DB, eventID int64, guestIDs []int64, by int64) error {
	if len(guestIDs) == 0 {
		return nil
	}
	immediate, err := storeNews(ctx, tx, eventID, guestIDs, by)
	if err != nil {
		return err
	}
	for _, userID := range immediate {
		request := newAnswersRequest(eventID, userID)
		last, err := mail.Newest(ctx, tx, answersMail, request.Recipient, 1)
		if err != nil {
			return err
		}
		if len(last) > 0 && last[0].Untried() {
			continue
		}
		if err := s.outbox.Enqueue(ctx, tx, request); err != nil {
			return err
		}
	}
	return nil
}

// dailyHour is the hour of the day from which daily notifications are mailed.
const dailyHour = 8

// NotifyDaily mails the administrators who want daily notifications and have news, once a day, after eight o'clock in
// the zone. If several processes call it at the same time, only one sends the mails.
func (s *Service) NotifyDaily(ctx context.Context, zone *time.Location) error {
	now := s.db.NowFunc().In(zone)
	morning := time.Date(now.Year(), now.Month(), now.Day(), dailyHour, 0, 0, 0, zone)
	if now.Before(morning) {
		morning = time.Date(now.Year(), now.Month(), now.Day()-1, dailyHour, 0, 0, 0, zone)
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		taken, err := claimDaily(ctx, tx, morning.UTC())
		if err != nil || len(taken) == 0 {
			return err
		}
		mails := make([]mail.Request, len(taken))
		for i, n := range taken {
			mails[i] = newAnswersRequest(n.EventID, n.UserID)
		}
		return s.outbox.Enqueue(ctx, tx, mails...)
	})
}

// newAnswersRequest returns the request for a mail to an administrator of the event about its answers.
func newAnswersRequest(eventID, userID int64) mail.Request {
	return mail.Request{
		Kind: answersMail, Recipient: answersRecipient(eventID, userID),
		Language: text.DefaultLanguage, Group: mailGroup(eventID),
	}
}

// answersRecipient identifies an administrator of an event as the recipient of an answersMail.
func answersRecipient(eventID, userID int64) string { return fmt.Sprintf("%d/%d", eventID, userID) }

// parseAnswersRecipient parses what answersRecipient returns.
func parseAnswersRecipient(recipient string) (eventID, userID int64, err error) {
	event, user, _ := strings.Cut(recipient, "/")
	if eventID, err = strconv.ParseInt(event, 10, 64); err == nil {
		userID, err = strconv.ParseInt(user, 10, 64)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("the recipient of a mail about answers: %w", err)
	}
	return eventID, userID, nil
}
