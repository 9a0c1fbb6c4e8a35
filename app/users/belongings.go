package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// Belongings is what a feature stores of a user because others have named the user's address: roles, invitations.
// The features that store it implement this.
type Belongings interface {
	// HasBelongings reports whether the user has any.
	HasBelongings(ctx context.Context, tx *gorm.DB, userID int64) (bool, error)
	// MoveBelongings makes those of one user another's, but for what the other one has too. Both are locked.
	MoveBelongings(ctx context.Context, tx *gorm.DB, from, to int64) error
}

// leaveBehind calls then, which deletes the locked user or gives them another address. If they have not proved to own
// the address that they lose, what hangs on it does not go with them: a new account of that address gets it, which
// nobody can sign in to before they have proved to own the address, as if the user had never registered it. Where
// nothing hangs on it, the address is free.
func (s *Service) leaveBehind(ctx context.Context, tx *gorm.DB, user *User, then func(tx *gorm.DB) error) error {
	some := false
	if !user.Verified() {
		var err error
		if some, err = s.hasBelongings(ctx, tx, user); err != nil {
			return err
		}
	}
	if !some {
		return then(tx)
	}
	// Belongings move before then makes the database change copies of the user's keys in them: PostgreSQL checks every
	// reference of a row that a transaction changes twice, and so would lock events after users.
	address, id := user.Email, user.ID
	nowhere := fmt.Sprintf("left by user %d", id)
	if err := storeAddress(ctx, tx, id, address, nowhere); err != nil {
		return err
	}
	person := Person{Email: address}
	heir := person.user(tx.NowFunc())
	if err := tx.WithContext(ctx).Create(&heir).Error; err != nil {
		return fmt.Errorf("make an account for an address: %w", err)
	}
	if err := s.moveBelongings(ctx, tx, user, &heir); err != nil {
		return err
	}
	if err := then(tx); err != nil {
		return err
	}
	return storeAddress(ctx, tx, id, nowhere, address) // which a deleted user keeps
}

// storeAddress gives a user, who may be deleted, the address to instead of from, if they have that. The keys stay.
func storeAddress(ctx context.Context, tx *gorm.DB, id int64, from, to string) error {
	err := tx.WithContext(ctx).Unscoped().Model(&User{}).Where("id = ? AND email = ?", id, from).
		UpdateColumn("email", to).Error
	if err != nil {
		return fmt.Errorf("store an address: %w", err)
	}
	return nil
}

// takeOver calls then, which gives the locked user to the address of another account, from, which is deleted. The user
// has proved to own that address, and nobody else has: what hangs on it becomes the user's. takeOver fails with
// utils.ErrEmailInUse if somebody else has proved it by now, or if an administrator keeps that account out: who is
// blocked must not come back by another account.
func (s *Service) takeOver(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, from, to *User, then func(tx *gorm.DB) error,
) error {
	locked, err := Find(ctx, lockWhole(tx), from.ID)
	switch {
	case err != nil:
		return err
	case locked.Email != from.Email, locked.Verified(), locked.BlockedAt != nil:
		return utils.ErrEmailInUse
	}
	deleted := actor.Event(audit.Deleted, locked.ID).With(map[string]any{"by": "the owner of the address"})
	if err := errors.Join(remove(ctx, tx, locked.ID), audit.Record(ctx, tx, deleted)); err != nil {
		return err
	}
	if err := then(tx); err != nil { // before they move: a row must not change twice, as leaveBehind says
		return err
	}
	return s.moveBelongings(ctx, tx, locked, to)
}

func (s *Service) hasBelongings(ctx context.Context, tx *gorm.DB, user *User) (some bool, err error) {
	some = user.IsAdmin
	for i := 0; i < len(s.belongings) && !some && err == nil; i++ {
		some, err = s.belongings[i].HasBelongings(ctx, tx, user.ID)
	}
	return some, err
}

func (s *Service) moveBelongings(ctx context.Context, tx *gorm.DB, from, to *User) error {
	for _, belongings := range s.belongings {
		if err := belongings.MoveBelongings(ctx, tx, from.ID, to.ID); err != nil {
			return err
		}
	}
	if from.IsAdmin {
		for user, admin := range map[*User]bool{from: false, to: true} {
			if err := storeAdmin(tx, user.ID, admin); err != nil {
				return err
			}
			user.IsAdmin = admin
		}
	}
	moved := audit.Program().Event(audit.BelongingsMoved, to.ID) // which nobody asked for
	return audit.Record(ctx, tx, moved.With(map[string]any{"from_user_id": from.ID}))
}
