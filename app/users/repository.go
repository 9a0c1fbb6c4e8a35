package users

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/utils"
)

// errNoUser is what the queries for one user answer when there is none, or none any more.
var errNoUser = errors.New("no such user")

// create stores a new user, sets the ID, and does what belongs to it in the same transaction. The database's constraint
// alone decides whether the address is free: utils.ErrEmailInUse.
func create(ctx context.Context, db *gorm.DB, user *User, along ...func(tx *gorm.DB) error) error {
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(user).Error; err != nil {
			return err
		}
		for _, do := range along {
			if err := do(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) && emailTaken(ctx, db, user.Email) {
		return fmt.Errorf("%w: %w", utils.ErrEmailInUse, err)
	}
	if err != nil {
		return fmt.Errorf("create a user: %w", err)
	}
	return nil
}

// emailTaken tells after a violated constraint whether it was that of the address: a team's own columns may be unique
// too, and GORM's translated error does not say which one it was.
func emailTaken(ctx context.Context, db *gorm.DB, email string) bool {
	var count int64
	err := db.WithContext(ctx).Unscoped().Model(&User{}).Where("email = ?", email).Count(&count).Error
	return err == nil && count > 0
}

// finder finds users by ID for what every authenticated request does. It is made at the first request.
type finder func() (*database.Lookup[User], error)

func newFinder(db *gorm.DB) finder {
	return sync.OnceValues(func() (*database.Lookup[User], error) { return database.NewLookup[User](db, "id") })
}

// byID returns the user, or errNoUser.
func (f finder) byID(ctx context.Context, db *gorm.DB, id int64) (*User, error) {
	lookup, err := f()
	if err != nil {
		return nil, err
	}
	user, err := lookup.Find(ctx, db, id)
	if errors.Is(err, database.ErrNoRow) {
		return nil, errNoUser
	}
	return user, err
}

// byEmail returns the user with the canonical address, or errNoUser.
func byEmail(ctx context.Context, db *gorm.DB, email string) (*User, error) {
	var user User
	err := db.WithContext(ctx).Where("email = ?", email).Take(&user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNoUser
	}
	if err != nil {
		return nil, fmt.Errorf("find a user: %w", err)
	}
	return &user, nil
}

// changePassword stores the hash of another password, and ends the user's tokens and the code for another one.
func changePassword(ctx context.Context, tx *gorm.DB, id int64, hash string) error {
	err := tx.WithContext(ctx).Model(&User{}).Where("id = ?", id).
		Updates(map[string]any{"password_hash": hash, "token_generation": gorm.Expr("token_generation + 1")}).Error
	if err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	return voidCode(ctx, tx, id, resetPassword)
}

// markVerified notes that the address is the user's, if it still is the one they have.
func markVerified(ctx context.Context, tx *gorm.DB, id int64, email string) error {
	err := tx.WithContext(ctx).Model(&User{}).Where("id = ? AND email = ? AND verified_at IS NULL", id, email).
		Update("verified_at", tx.NowFunc()).Error
	if err != nil {
		return fmt.Errorf("verify an address: %w", err)
	}
	return nil
}

// replaceHash stores a newer hash of the same password, unless the password was changed since old was read.
func replaceHash(ctx context.Context, db *gorm.DB, id int64, old, hash string) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ? AND password_hash = ?", id, old).
		UpdateColumn("password_hash", hash).Error
	if err != nil {
		return fmt.Errorf("replace a password hash: %w", err)
	}
	return nil
}
