package invitedguest

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/mail"
	"guestlist/app/utils"
)

// Resend mails the invitation again, even to a guest who has answered, and returns the guest as Read does. Links in
// earlier mails stay valid. While an invitation waits in the outbox, it enqueues no other. It fails with
// utils.ErrEventNotFound, utils.ErrGuestNotFound, utils.ErrEventCancelled, utils.ErrRegistrationClosed and, over the
// limit for one guest, utils.ErrTooManyRequests.
func (s *Service) Resend(
	ctx context.Context, actor audit.Actor, eventID, guestID int64, language string,
) (g Guest, tag string, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := s.resend(ctx, tx, actor, eventID, guestID); err != nil {
			return err
		}
		g, tag, err = read(ctx, tx, eventID, guestID, language)
		return err
	})
	return g, tag, err
}

func (s *Service) resend(ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID, guestID int64) error {
	if err := lockOpenEvent(ctx, tx, eventID, forKeyShare); err != nil {
		return err
	}
	// A concurrent call waits here, and then sees this one's mail.
	if err := lockGuest(ctx, tx, guestID); err != nil {
		return err
	}
	row, err := find(ctx, tx, eventID, guestID)
	if err != nil {
		return err
	}
	last, err := s.checkRate(ctx, tx, guestID)
	if err != nil || last.State == mail.Pending {
		return err
	}
	if err := s.outbox.Enqueue(ctx, tx, newInvitationAgain(eventID, guestID)); err != nil {
		return err
	}
	if err := setMailStatus(ctx, tx, guestID, s.enqueuedStatus()); err != nil {
		return err
	}
	return record(ctx, tx, actor, audit.InvitationResent, row.UserID, map[string]any{"event_id": eventID})
}

// checkRate returns the last invitation mailed to the locked guest, or the zero Message. It fails with
// utils.ErrTooManyRequests if that mail has left the outbox and the limit for one guest is reached.
func (s *Service) checkRate(ctx context.Context, tx *gorm.DB, guestID int64) (last mail.Message, err error) {
	found, err := mail.Newest(ctx, tx, invitationMail, strconv.FormatInt(guestID, 10), max(1, s.resendRate.Count))
	if err != nil || len(found) == 0 {
		return mail.Message{}, err
	}
	if last = found[0]; last.State != mail.Pending {
		if wait := s.cooldown(found, tx.NowFunc()); wait > 0 {
			return mail.Message{}, utils.TooManyRequests(wait)
		}
	}
	return last, nil
}

// cooldown returns how long to wait before another mail, given the newest ones to the recipient.
func (s *Service) cooldown(newest []mail.Message, now time.Time) time.Duration {
	if s.resendRate.Count == 0 || len(newest) < s.resendRate.Count {
		return 0
	}
	return newest[len(newest)-1].CreatedAt.Add(s.resendRate.Per).Sub(now)
}
