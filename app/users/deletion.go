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

// ErrRoleGranted is returned when a user was granted a role while another transaction was about to delete or block
// them.
var ErrRoleGranted = errors.New("the user was granted a role meanwhile")

// Delete deletes the actor's own account and ends its tokens. The address becomes free, unless belongings stay with it:
// see leaveBelongings. It fails with utils.ErrLastAdministrator, and with utils.ErrNotAuthenticated if the account is
// already deleted, or was blocked since the actor's token was checked: blocked users must not register again.
func (s *Service) Delete(ctx context.Context, actor audit.Actor) error {
	err := s.delete(ctx, actor, actor.UserID, func(*gorm.DB) error { return nil })
	if errors.Is(err, utils.ErrUserNotFound) || errors.Is(err, utils.ErrAccountBlocked) {
		return fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	return err
}

// DeleteByEmail deletes the account with the address, as Delete does. It returns the canonical address, and whether
// another account has it now: see leaveBelongings. It fails with text.ErrInvalidEmail, utils.ErrUserNotFound and
// utils.ErrLastAdministrator.
func (s *Service) DeleteByEmail(
	ctx context.Context, actor audit.Actor, email string,
) (address string, taken bool, err error) {
	if address, err = text.CanonicalEmail(email); err != nil {
		return "", false, err
	}
	user, err := FindByEmail(ctx, s.db, address)
	if err != nil {
		return "", false, err
	}
	err = s.delete(ctx, actor, user.ID, func(tx *gorm.DB) error {
		_, err := FindByEmail(ctx, tx, address)
		taken = err == nil
		if errors.Is(err, utils.ErrUserNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return "", false, err
	}
	return address, taken, nil
}

// delete deletes an account, unless that would leave the system or an event without an administrator:
// utils.ErrLastAdministrator. then is called in the same transaction, after the deletion.
func (s *Service) delete(ctx context.Context, actor audit.Actor, id int64, then func(tx *gorm.DB) error) error {
	return s.unlessLastAdmin(ctx, id, func(tx *gorm.DB, user *User) error {
		if user.BlockedAt != nil && actor.UserID == id {
			return utils.ErrAccountBlocked
		}
		return errors.Join(
			s.removeUser(ctx, tx, user),
			audit.Record(ctx, tx, actor.Event(audit.Deleted, id)),
			then(tx),
		)
	})
}

// deleteDisowned deletes the account of a verifyEmail code at the request of the address's owner. It fails with
// errNoCode if the address has been verified. Belongings stay with the address.
func (s *Service) deleteDisowned(ctx context.Context, actor audit.Actor, code *Code) error {
	err := s.unlessLastAdmin(ctx, code.UserID, func(tx *gorm.DB, user *User) error {
		if user.Verified() || user.Email != code.Email {
			return fmt.Errorf("%w: the address was verified or changed", errNoCode)
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		deleted := actor.Event(audit.Deleted, user.ID).With(map[string]any{"by": "the owner of the address"})
		return errors.Join(
			s.leaveBelongings(ctx, tx, user, func(tx *gorm.DB) error { return remove(ctx, tx, user.ID) }),
			audit.Record(ctx, tx, deleted),
		)
	})
	if errors.Is(err, utils.ErrUserNotFound) {
		err = fmt.Errorf("%w: %w", errNoCode, err)
	}
	return err
}

// maxAttempts limits the attempts to delete or block a user who is being granted roles, to store a user whose address
// another is about to lose, and to erase a user whose mails others lock.
const maxAttempts = 5

// unlessLastAdmin calls do with the locked user in a transaction. It fails with utils.ErrLastAdministrator if the
// system or an event would have no administrator without the user.
func (s *Service) unlessLastAdmin(
	ctx context.Context, id int64, do func(tx *gorm.DB, user *User) error,
) (err error) {
	for range maxAttempts {
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			user, err := s.lockUnlessLastAdmin(ctx, tx, id)
			if err != nil {
				return err
			}
			return do(tx, user)
		})
		if !errors.Is(err, ErrRoleGranted) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
}

// removeUser deletes a locked user. If the user registered the address without verifying it, its belongings stay with
// the address. An account that was only created to hold them, for an invited guest, is deleted with them.
func (s *Service) removeUser(ctx context.Context, tx *gorm.DB, user *User) error {
	removal := func(tx *gorm.DB) error { return remove(ctx, tx, user.ID) }
	if user.claimed() {
		return s.leaveBelongings(ctx, tx, user, removal)
	}
	return removal(tx)
}

// lockUnlessLastAdmin locks and returns a user, and fails with utils.ErrLastAdministrator if the system or an event
// needs them. Like every transaction, it locks events before users, and administrators before other users, so that none
// deadlock. It fails with ErrRoleGranted if it has locked too little, because the user was granted a role, or a role
// took effect, before the lock.
func (s *Service) lockUnlessLastAdmin(ctx context.Context, tx *gorm.DB, id int64) (*User, error) {
	locked, err := s.eventRoles.LockAdministered(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	user, admins, err := lockWithAdmins(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !user.InEffect() { // nothing depends on them yet
		return user, nil
	}
	events, err := s.eventRoles.SolelyAdministered(ctx, tx, id, locked)
	switch {
	case err != nil:
		return nil, err
	case len(events) > 0:
		return nil, utils.LastAdministrator(events)
	case slices.Equal(admins, []int64{id}):
		return nil, fmt.Errorf("%w: of the system", utils.ErrLastAdministrator)
	}
	return user, nil
}
