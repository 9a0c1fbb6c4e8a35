package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// VerifyEmail verifies the address to which the code was mailed, which the user has or has asked to change to, and
// returns the user's id. It may be done again. It fails with utils.ErrVerifyCodeNotValid, and with utils.ErrEmailInUse
// if another account has proved the address to change to meanwhile.
func (s *Service) VerifyEmail(ctx context.Context, actor audit.Actor, code string) (userID int64, err error) {
	found, err := findCode(ctx, s.db, code, verifyEmail, changeEmail)
	if err != nil {
		return 0, notValid(err)
	}
	actor = actor.As(found.UserID)
	if found.Purpose == changeEmail {
		err = s.confirmChange(ctx, actor, found)
	} else {
		err = s.verify(ctx, actor, found)
	}
	return found.UserID, notValid(err)
}

// Disown does what the owner of the address to which the code was mailed wants who never asked for it: it ends the
// change to the address, or deletes the account, and returns the code. It fails with utils.ErrVerifyCodeNotValid and
// utils.ErrLastAdministrator.
func (s *Service) Disown(ctx context.Context, actor audit.Actor, code string) (*Code, error) {
	found, err := findCode(ctx, s.db, code, verifyEmail, changeEmail)
	if err != nil {
		return nil, notValid(err)
	}
	if found.Purpose == changeEmail {
		err = s.refuseChange(ctx, actor, found)
	} else {
		err = s.disown(ctx, actor, found)
	}
	return found, notValid(err)
}

// verifyCode returns the code and whether it has done its work. It fails with utils.ErrVerifyCodeNotValid.
func (s *Service) verifyCode(ctx context.Context, text string) (code *Code, done bool, err error) {
	code, err = findCode(ctx, s.db, text, verifyEmail, changeEmail)
	if err != nil {
		return nil, false, notValid(err)
	}
	wanted := code.User.Email
	if code.Purpose == changeEmail && code.UsedAt == nil {
		wanted = code.User.PendingEmail
	}
	done = code.User.VerifiedAt != nil && (code.Purpose == verifyEmail || code.UsedAt != nil)
	if code.Email != wanted || !done && (code.UsedAt != nil || code.expired(s.db.NowFunc())) {
		return nil, false, notValid(errNoCode)
	}
	return code, done, nil
}

// notValid returns errNoCode, and errNoUser of a code's user, as utils.ErrVerifyCodeNotValid, and other errors as they
// are.
func notValid(err error) error {
	if errors.Is(err, errNoCode) || errors.Is(err, errNoUser) {
		return fmt.Errorf("%w: %w", utils.ErrVerifyCodeNotValid, err)
	}
	return err
}

func (s *Service) verify(ctx context.Context, actor audit.Actor, code *Code) error {
	if code.Email != code.User.Email {
		return fmt.Errorf("%w: it was mailed to an earlier address", errNoCode)
	}
	if code.User.VerifiedAt != nil {
		return nil
	}
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		user, err := Find(ctx, forUpdate(tx), code.UserID) // users before codes, as where a user changes
		switch {
		case errors.Is(err, utils.ErrUserNotFound), err == nil && user.Email != code.Email:
			return fmt.Errorf("%w: the address is not the user's any more", errNoCode)
		case err != nil:
			return err
		case user.Verified(): // the same link was opened twice at once
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

// ResendVerification mails another code to the canonical address if it has an account and is not verified yet. The work
// done here is the same for any address.
func (s *Service) ResendVerification(ctx context.Context, email string) error {
	if err := s.requestMail(ctx, s.db, verifyEmailMail, email); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}
