package invitedguest

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/mail"
	"guestlist/app/utils"
)

// Resend mails the invitation once more to a guest, who may have answered and want the link to change the answer. Links
// in earlier mails stay valid. While an invitation waits to go out, Resend mails no other. It fails with
// utils.ErrEventNotFound, utils.ErrGuestNotFound, utils.ErrEventCancelled and utils.ErrRegistrationClosed, and with
// utils.ErrTooManyRequests if it has reached the limit for one guest.
func (s *Service) Resend(ctx context.Context, actor audit.Actor, eventID, guestID int64) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		if err := lockOpenEvent(ctx, tx, eventID, forKeyShare); err != nil {
			return err
		}
		if _, err := find(ctx, tx, eventID, guestID); err != nil {
			return err
		}
		g, err := lockGuest(ctx, tx, guestID) // a concurrent call waits here, and then sees the mail of this one
		if err != nil {
			return err
		}
		waits, err := s.checkRate(ctx, tx, guestID)
		if err != nil || waits {
			return err
		}
		if err := s.outbox.Enqueue(ctx, tx, newInvitationAgain(g)); err != nil {
			return err
		}
		if err := setMailStatus(ctx, tx, guestID, s.asked()); err != nil {
			return err
		}
		return record(ctx, tx, actor, audit.InvitationResent, g.UserID, map[string]any{"event_id": eventID})
	})
}

// checkRate reports whether the last invitation of the locked guest still waits to be mailed, and else fails with
// utils.ErrTooManyRequests if the guest was mailed as often lately as anybody may be.
func (s *Service) checkRate(ctx context.Context, tx *gorm.DB, guestID int64) (waits bool, err error) {
	last, err := mail.Newest(ctx, tx, invitationMail, strconv.FormatInt(guestID, 10), max(1, s.resendRate.Count))
	if err != nil || len(last) > 0 && last[0].State == mail.Pending {
		return err == nil, err
	}
	if len(last) > 0 && len(last) == s.resendRate.Count {
		if wait := last[len(last)-1].CreatedAt.Add(s.resendRate.Per).Sub(tx.NowFunc()); wait > 0 {
			return false, utils.TooManyRequests(wait)
		}
	}
	return false, nil
}
