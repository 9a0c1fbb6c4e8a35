package users

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// ErrRoleGranted is returned where a user has been granted a role while another transaction was about to delete or block
// them.
var ErrRoleGranted = errors.New("the user was granted a role meanwhile")

// Delete deletes the actor's own account and ends its tokens. The address can be registered again. It fails with
// utils.ErrLastAdministrator, and with utils.ErrNotAuthenticated if the account is already deleted, or was blocked since
// the actor's token was checked: blocked users must not register again.
func (s *Service) Delete(ctx context.Context, actor audit.Actor) error {
	err := s.delete(ctx, actor, actor.UserID)
	if errors.Is(err, utils.ErrUserNotFound) || errors.Is(err, utils.ErrAccountBlocked) {
		return fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	return err
}

// DeleteByEmail deletes the account with the address, as Delete does, and returns the canonical address. It fails with
// text.ErrInvalidEmail, utils.ErrUserNotFound and utils.ErrLastAdministrator.
func (s *Service) DeleteByEmail(ctx context.Context, actor audit.Actor, email string) (string, error) {
	email, err := text.CanonicalEmail(email)
	if err != nil {
		return "", err
	}
	user, err := FindByEmail(ctx, s.db, email)
	if err != nil {
		return "", err
	}
	return email, s.delete(ctx, actor, user.ID)
}

// delete deletes an account, unless that would leave the system or an event without an administrator:
// utils.ErrLastAdministrator.
func (s *Service) delete(ctx context.Context, actor audit.Actor, id int64) error {
	return s.ifDispensable(ctx, id, func(tx *gorm.DB) error {
		user, err := Find(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case user.BlockedAt != nil && actor.UserID == id:
			return utils.ErrAccountBlocked
		}
		return errors.Join(remove(ctx, tx, id), audit.Record(ctx, tx, actor.Event(audit.Deleted, id)))
	})
}

// disown deletes the account of a verifyEmail code, at the word of who owns the address, unless the address has been
// verified: errNoCode. What hangs on the address stays with it.
func (s *Service) disown(ctx context.Context, actor audit.Actor, code *Code) error {
	err := s.ifDispensable(ctx, code.UserID, func(tx *gorm.DB) error {
		user, err := Find(ctx, tx, code.UserID) // as it is now that it is locked
		if err != nil {
			return err
		}
		if user.VerifiedAt != nil || user.Email != code.Email {
			return fmt.Errorf("%w: the address was verified or changed", errNoCode)
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		return s.leaveBehind(ctx, tx, user, func(tx *gorm.DB) error {
			deleted := actor.Event(audit.Deleted, user.ID).With(map[string]any{"by": "the owner of the address"})
			return errors.Join(remove(ctx, tx, user.ID), audit.Record(ctx, tx, deleted))
		})
	})
	if errors.Is(err, utils.ErrUserNotFound) {
		err = fmt.Errorf("%w: %w", errNoCode, err)
	}
	return err
}

// maxAttempts is how often it is tried to delete or block a user who is being granted roles meanwhile.
const maxAttempts = 5

// ifDispensable calls do in a transaction that has locked the user, unless the system or an event would have no
// administrator without them: utils.ErrLastAdministrator.
func (s *Service) ifDispensable(ctx context.Context, id int64, do func(tx *gorm.DB) error) (err error) {
	for range maxAttempts {
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if err := s.checkDispensable(ctx, tx, id); err != nil {
				return err
			}
			return do(tx)
		})
		if !errors.Is(err, ErrRoleGranted) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
}

// checkDispensable locks a user and fails with utils.ErrLastAdministrator if the system or an event needs them. It locks
// events before users, and administrators before other users, as every transaction does, so that none deadlock. It
// fails with ErrRoleGranted if it has locked too little, since the user was granted a role before they were locked.
func (s *Service) checkDispensable(ctx context.Context, tx *gorm.DB, id int64) error {
	locked, err := s.eventRoles.LockAdministered(ctx, tx, id)
	if err != nil {
		return err
	}
	admins, err := lockWithAdmins(ctx, tx, id)
	if err != nil {
		return err
	}
	events, err := s.eventRoles.SolelyAdministered(ctx, tx, id, locked)
	switch {
	case err != nil:
		return err
	case len(events) > 0:
		return utils.LastAdministrator(events)
	case slices.Equal(admins, []int64{id}):
		return fmt.Errorf("%w: of the system", utils.ErrLastAdministrator)
	}
	return nil
}
