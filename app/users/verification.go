package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// VerifyEmail verifies the address to which the code was mailed, and returns its user's id. The link may be opened more
// than once. It fails with utils.ErrVerifyCodeNotValid.
func (s *Service) VerifyEmail(ctx context.Context, actor audit.Actor, code string) (userID int64, err error) {
	found, err := findCode(ctx, s.db, verifyEmail, code)
	if err == nil {
		userID = found.UserID
		err = s.verify(ctx, actor.As(userID), found)
	}
	if errors.Is(err, errNoCode) {
		err = fmt.Errorf("%w: %w", utils.ErrVerifyCodeNotValid, err)
	}
	return userID, err
}

func (s *Service) verify(ctx context.Context, actor audit.Actor, code *Code) error {
	if code.Email != code.User.Email {
		return fmt.Errorf("%w: it was mailed to an earlier address", errNoCode)
	}
	if code.User.VerifiedAt != nil {
		return nil
	}
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := code.use(ctx, tx)
		switch {
		case errors.Is(err, errNoCode):
			return verifiedMeanwhile(ctx, tx, code, err)
		case err != nil:
			return err
		}
		return errors.Join(
			markVerified(ctx, tx, code.UserID, code.Email),
			audit.Record(ctx, tx, actor.Event(audit.EmailVerified, code.UserID)),
		)
	})
}

// verifiedMeanwhile returns nil if the code could not be used because the same link was opened twice at once, else err.
func verifiedMeanwhile(ctx context.Context, tx *gorm.DB, code *Code, err error) error {
	user, found := FindByEmail(ctx, tx, code.Email)
	if found == nil && user.ID == code.UserID && user.VerifiedAt != nil {
		return nil
	}
	return err
}

// ResendVerification mails another code to the canonical address if it has an account and is not verified yet. The work
// done here is the same for any address.
func (s *Service) ResendVerification(ctx context.Context, email string) error {
	if err := s.requestMail(ctx, s.db, verifyEmailMail, email); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}
