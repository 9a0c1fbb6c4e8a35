package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// VerifyEmail verifies the address to which the code was mailed, the user's current or pending one, and returns the
// user's id. It is idempotent. It fails with utils.ErrVerifyCodeNotValid, and with utils.ErrEmailInUse if another
// account has verified the pending address since.
func (s *Service) VerifyEmail(ctx context.Context, actor audit.Actor, code string) (userID int64, err error) {
	found, err := findCode(ctx, s.db, code, verifyEmail, changeEmail)
	if err != nil {
		return 0, codeError(err)
	}
	actor = actor.As(found.UserID)
	if found.Purpose == changeEmail {
		err = s.confirmChange(ctx, actor, found)
	} else {
		err = s.confirmAddress(ctx, actor, found)
	}
	return found.UserID, codeError(err)
}

// Disown is for the owner of an address who did not ask for the mailed code: it cancels the change to the address, or
// deletes the account, and returns the code. It fails with utils.ErrVerifyCodeNotValid and utils.ErrLastAdministrator.
func (s *Service) Disown(ctx context.Context, actor audit.Actor, code string) (*Code, error) {
	found, err := findCode(ctx, s.db, code, verifyEmail, changeEmail)
	if err != nil {
		return nil, codeError(err)
	}
	if found.Purpose == changeEmail {
		err = s.refuseChange(ctx, actor, found)
	} else {
		err = s.deleteDisowned(ctx, actor, found)
	}
	return found, codeError(err)
}

// verifyCode returns the code and whether the address is already verified. It fails with utils.ErrVerifyCodeNotValid.
func (s *Service) verifyCode(ctx context.Context, text string) (code *Code, done bool, err error) {
	code, err = findCode(ctx, s.db, text, verifyEmail, changeEmail)
	if err != nil {
		return nil, false, codeError(err)
	}
	wanted := code.User.Email
	if code.Purpose == changeEmail && code.UsedAt == nil {
		wanted = code.User.PendingEmail
	}
	done = code.User.VerifiedAt != nil && (code.Purpose == verifyEmail || code.UsedAt != nil)
	if code.Email != wanted || !done && (code.UsedAt != nil || code.expired(s.db.NowFunc())) {
		return nil, false, codeError(errNoCode)
	}
	return code, done, nil
}

// codeError maps errNoCode and errNoUser to utils.ErrVerifyCodeNotValid, and returns other errors unchanged.
func codeError(err error) error {
	if errors.Is(err, errNoCode) || errors.Is(err, errNoUser) {
		return fmt.Errorf("%w: %w", utils.ErrVerifyCodeNotValid, err)
	}
	return err
}

func (s *Service) confirmAddress(ctx context.Context, actor audit.Actor, code *Code) error {
	if code.Email != code.User.Email {
		return fmt.Errorf("%w: it was mailed to an earlier address", errNoCode)
	}
	if code.User.VerifiedAt != nil {
		return nil
	}
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		user, err := Find(ctx, forNoKeyUpdate(tx), code.UserID) // lock order: users before codes
		switch {
		case errors.Is(err, utils.ErrUserNotFound), err == nil && user.Email != code.Email:
			return fmt.Errorf("%w: the user no longer has the address", errNoCode)
		case err != nil:
			return err
		case user.Verified(): // a concurrent request opened the same link
			return nil
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		return errors.Join(
			markVerified(ctx, tx, code.UserID, code.Email),
			audit.Record(ctx, tx, actor.Event(audit.EmailVerified, code.UserID)),
		)
	})
}

// ResendVerification mails another code to the canonical address if it has an unverified account. It does the same work
// for any address.
func (s *Service) ResendVerification(ctx context.Context, email string) error {
	if err := s.requestMail(ctx, s.db, verifyEmailMail, email); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}
