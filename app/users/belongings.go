package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// Belongings moves and reports what others have given to a user's address: roles, invitations. The features that store
// such rows implement it.
type Belongings interface {
	// HasBelongings reports whether the user has any.
	HasBelongings(ctx context.Context, tx *gorm.DB, userID int64) (bool, error)
	// MoveBelongings moves those of one locked user to another, except those that the other has too.
	MoveBelongings(ctx context.Context, tx *gorm.DB, from, to int64) error
}

// leaveBelongings calls then, which deletes the locked user or gives them another address. If the user never verified
// the address that they lose, its belongings stay with it: they move to a new account without a password, which only
// the owner of the address can sign in to, after verifying it, as if the user had never registered it. An address
// without belongings becomes free.
func (s *Service) leaveBelongings(ctx context.Context, tx *gorm.DB, user *User, then func(tx *gorm.DB) error) error {
	has := false
	if !user.Verified() {
		var err error
		if has, err = s.hasBelongings(ctx, tx, user); err != nil {
			return err
		}
	}
	if !has {
		return then(tx)
	}
	// Belongings move before then changes the user's keys, which the database copies into them (ON UPDATE CASCADE):
	// PostgreSQL checks every reference of a row that a transaction changes a second time, and so would lock events after
	// users.
	address, id := user.Email, user.ID
	placeholder := fmt.Sprintf("left by user %d", id)
	if err := storeAddress(ctx, tx, id, address, placeholder); err != nil {
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
	return storeAddress(ctx, tx, id, placeholder, address) // a deleted user keeps the address
}

// storeAddress changes the address of a user, deleted or not, if it is from. It does not change the keys.
func storeAddress(ctx context.Context, tx *gorm.DB, id int64, from, to string) error {
	err := tx.WithContext(ctx).Unscoped().Model(&User{}).Where("id = ? AND email = ?", id, from).
		UpdateColumn("email", to).Error
	if err != nil {
		return fmt.Errorf("store an address: %w", err)
	}
	return nil
}

// takeOver deletes the account from and calls then, which gives its address to the locked user to, who has verified it.
// The belongings of from move to that user. takeOver fails with utils.ErrEmailInUse if from has verified or changed its
// address, or is blocked: a blocked user must not come back through another account.
func (s *Service) takeOver(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, from, to *User, then func(tx *gorm.DB) error,
) error {
	locked, err := Find(ctx, forUpdate(tx), from.ID)
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
	if err := then(tx); err != nil { // before the belongings move: a row must not change twice (see leaveBelongings)
		return err
	}
	return s.moveBelongings(ctx, tx, locked, to)
}

func (s *Service) hasBelongings(ctx context.Context, tx *gorm.DB, user *User) (has bool, err error) {
	has = user.IsAdmin
	for i := 0; i < len(s.belongings) && !has && err == nil; i++ {
		has, err = s.belongings[i].HasBelongings(ctx, tx, user.ID)
	}
	return has, err
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
	moved := audit.Program().Event(audit.BelongingsMoved, to.ID) // a side effect, not the actor's request
	return audit.Record(ctx, tx, moved.With(map[string]any{"from_user_id": from.ID}))
}
