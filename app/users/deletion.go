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

// ErrRoleGranted is returned where a user has been granted a role while another transaction was about to delete or
// block them.
var ErrRoleGranted = errors.New("the user was granted a role meanwhile")

// Delete deletes the actor's own account and ends its tokens. The address can be registered again, unless something
// hangs on it that its owner has not got yet: see leaveBehind. It fails with utils.ErrLastAdministrator, and with
// utils.ErrNotAuthenticated if the account is already deleted, or was blocked since the actor's token was checked:
// blocked users must not register again.
func (s *Service) Delete(ctx context.Context, actor audit.Actor) error {
	err := s.delete(ctx, actor, actor.UserID)
	if errors.Is(err, utils.ErrUserNotFound) || errors.Is(err, utils.ErrAccountBlocked) {
		return fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	return err
}

// DeleteByEmail deletes the account with the address, as Delete does. It returns the canonical address, and whether
// that has another account by now: see leaveBehind. It fails with text.ErrInvalidEmail, utils.ErrUserNotFound and
// utils.ErrLastAdministrator.
func (s *Service) DeleteByEmail(ctx context.Context, actor audit.Actor, email string) (address string, kept bool,
	err error) {
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

// delete deletes an account, unless that would leave the system or an event without an administrator:
// utils.ErrLastAdministrator.
func (s *Service) delete(ctx context.Context, actor audit.Actor, id int64) error {
	return s.ifDispensable(ctx, id, func(tx *gorm.DB, user *User) error {
		if user.BlockedAt != nil && actor.UserID == id {
			return utils.ErrAccountBlocked
		}
		return errors.Join(s.removeUser(ctx, tx, user), audit.Record(ctx, tx, actor.Event(audit.Deleted, id)))
	})
}

// disown deletes the account of a verifyEmail code, at the word of the owner of the address, unless the address has
// been verified: errNoCode. What hangs on the address stays with it.
func (s *Service) disown(ctx context.Context, actor audit.Actor, code *Code) error {
	err := s.ifDispensable(ctx, code.UserID, func(tx *gorm.DB, user *User) error {
		if user.Verified() || user.Email != code.Email {
			return fmt.Errorf("%w: the address was verified or changed", errNoCode)
		}
		if err := code.use(ctx, tx); err != nil {
			return err
		}
		deleted := actor.Event(audit.Deleted, user.ID).With(map[string]any{"by": "the owner of the address"})
		return errors.Join(
			s.leaveBehind(ctx, tx, user, func(tx *gorm.DB) error { return remove(ctx, tx, user.ID) }),
			audit.Record(ctx, tx, deleted),
		)
	})
	if errors.Is(err, utils.ErrUserNotFound) {
		err = fmt.Errorf("%w: %w", errNoCode, err)
	}
	return err
}

// maxAttempts is how often it is tried to delete or block a user who is being granted roles meanwhile, to store one
// whose address another is about to lose, or to erase one whose mails others lock.
const maxAttempts = 5

// ifDispensable calls do with the user in a transaction that has locked them, unless the system or an event would have
// no administrator without them: utils.ErrLastAdministrator.
func (s *Service) ifDispensable(
	ctx context.Context, id int64, do func(tx *gorm.DB, user *User) error,
) (err error) {
	for range maxAttempts {
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			user, err := s.lockDispensable(ctx, tx, id)
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
