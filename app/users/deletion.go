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

// ErrRoleGranted is returned where a user has been granted a role while another transaction was about to delete them.
var ErrRoleGranted = errors.New("the user was granted a role meanwhile")

// Delete deletes the actor's own account and ends its tokens. The address can be registered again, unless something
// hangs on it that its owner has not got yet: see leaveBehind. It fails with utils.ErrLastAdministrator, and with
// utils.ErrNotAuthenticated if the account is already deleted.
func (s *Service) Delete(ctx context.Context, actor audit.Actor) error {
	err := s.delete(ctx, actor, actor.UserID)
	if errors.Is(err, utils.ErrUserNotFound) {
		return fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	return err
}

// DeleteByEmail deletes the account with the address, as Delete does. It returns the canonical address, and whether
// that has another account by now: see leaveBehind. It fails with text.ErrInvalidEmail, utils.ErrUserNotFound and
// utils.ErrLastAdministrator.
func (s *Service) DeleteByEmail(ctx context.Context, actor audit.Actor, email string) (address string, kept bool, err error) {
	if address, err = text.CanonicalEmail(email); err != nil {
		return "", false, err
	}
	user, err := FindByEmail(ctx, s.db, address)
	if err != nil {
		return "", false, err
	}
	if err := s.delete(ctx, actor, user.ID); err != nil {
		return "", false, err
	}
	switch _, err := FindByEmail(ctx, s.db, address); {
	case errors.Is(err, utils.ErrUserNotFound):
		return address, false, nil
	default:
		return address, true, err
	}
}

// maxDeletions is how often a deletion is tried while the user is being granted roles.
const maxDeletions = 5

// delete deletes an account, unless that would leave the system or an event without an administrator:
// utils.ErrLastAdministrator.
func (s *Service) delete(ctx context.Context, actor audit.Actor, id int64) (err error) {
	for range maxDeletions {
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			user, err := s.lockDispensable(ctx, tx, id)
			if err != nil {
				return err
			}
			return errors.Join(s.removeUser(ctx, tx, user), audit.Record(ctx, tx, actor.Event(audit.Deleted, id)))
		})
		if !errors.Is(err, ErrRoleGranted) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
}

// removeUser deletes a locked user. What hangs on an address that somebody has registered who may not own it stays
// there; an account that was only made to hold it, for an invited guest, goes with it.
func (s *Service) removeUser(ctx context.Context, tx *gorm.DB, user *User) error {
	removal := func(tx *gorm.DB) error { return remove(ctx, tx, user.ID) }
	if user.claimed() {
		return s.leaveBehind(ctx, tx, user, removal)
	}
	return removal(tx)
}

// lockDispensable locks and returns a user, and fails with utils.ErrLastAdministrator if the system or an event needs
// them. It locks events before users, and administrators before other users, as every transaction does, so that none
// deadlock. It fails with ErrRoleGranted if it has locked too little, since the user was granted a role before they
// were locked, or got one into effect.
func (s *Service) lockDispensable(ctx context.Context, tx *gorm.DB, id int64) (*User, error) {
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
