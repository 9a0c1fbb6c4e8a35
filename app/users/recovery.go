package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/utils"
)

// RequestPasswordReset mails a code for setting a new password if the canonical address has an account. It does the
// same work if it has none.
func (s *Service) RequestPasswordReset(ctx context.Context, email string) error {
	if err := s.requestMail(ctx, s.db, passwordResetMail, email); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}

// ConfirmPasswordReset sets a new password for the code's user and returns the user's id. Since the code was mailed to
// the user's address, using it verifies the address, and ends whatever a stranger may have set up before: see reset. It
// fails with utils.ErrResetCodeNotValid, utils.ErrResetCodeExpired, and FieldErrors for a password that does not meet
// the rules.
func (s *Service) ConfirmPasswordReset(
	ctx context.Context, actor audit.Actor, code, password string,
) (userID int64, err error) {
	found, err := s.resetCode(ctx, code)
	if err != nil {
		return 0, err
	}
	if problem := s.rules.check(password, found.User.Email); problem != "" {
		return 0, utils.FieldErrors{"password": problem}
	}
	// Before the transaction: hashing is slow, and on SQLite the transaction blocks all other writers.
	if err := found.User.SetPassword(ctx, s.passwords, limits.Network(actor.Client), password); err != nil {
		return 0, err
	}
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return s.reset(ctx, tx, actor.As(found.UserID), found)
	})
	if errors.Is(err, errNoCode) {
		err = fmt.Errorf("%w: %w", utils.ErrResetCodeNotValid, err)
	}
	return found.UserID, err
}

// resetCode returns the code if it is valid.
func (s *Service) resetCode(ctx context.Context, text string) (*Code, error) {
	code, err := findCode(ctx, s.db, text, resetPassword)
	switch {
	case errors.Is(err, errNoCode):
		return nil, fmt.Errorf("%w: %w", utils.ErrResetCodeNotValid, err)
	case err != nil:
		return nil, err
	case code.UsedAt != nil, code.Email != code.User.Email:
		return nil, fmt.Errorf("%w: it was used, or mailed to an earlier address", utils.ErrResetCodeNotValid)
	case code.expired(s.db.NowFunc()):
		return nil, utils.ErrResetCodeExpired
	}
	return code, nil
}

// reset stores the new password of the code's user and verifies the address, or fails with errNoCode if the code was
// used or replaced meanwhile. It ends all tokens, codes, counts of failed sign-ins and a pending change of address. If
// the unverified account had a password, its names, title and agreement may be a stranger's, and reset clears them.
func (s *Service) reset(ctx context.Context, tx *gorm.DB, actor audit.Actor, code *Code) error {
	user, err := Find(ctx, forUpdate(tx), code.UserID) // lock order: users before codes
	switch {
	case errors.Is(err, utils.ErrUserNotFound), err == nil && user.Email != code.Email:
		return fmt.Errorf("%w: the user no longer has the address", errNoCode)
	case err != nil:
		return err
	}
	if err := code.use(ctx, tx); err != nil {
		return err
	}
	if user.claimed() {
		user.Firstname, user.Lastname, user.UserTitle, user.PolicyAgreedAt = "", "", "", nil
	}
	if !user.Verified() {
		now := tx.NowFunc()
		user.VerifiedAt = &now
	}
	user.PasswordHash = code.User.PasswordHash
	user.PendingEmail = ""
	user.TokenGeneration++
	return errors.Join(
		save(tx, user),
		voidAfterVerification(ctx, tx, user),
		s.logins.Clear(tx, code.Email),
		audit.Record(ctx, tx, actor.Event(audit.PasswordReset, user.ID)),
	)
}
