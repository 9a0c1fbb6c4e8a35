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

// create stores a new user, and what also stores, in one transaction, and sets the ID. The database's constraint alone
// decides whether the address is free: utils.ErrEmailInUse.
func create(ctx context.Context, db *gorm.DB, user *User, also ...func(tx *gorm.DB, user *User) error) error {
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := tx.Create(user).Error
		for i := 0; err == nil && i < len(also); i++ {
			err = also[i](tx, user)
		}
		return err
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

// replaceHash stores a newer hash of the same password, unless the password was changed since old was read.
func replaceHash(ctx context.Context, db *gorm.DB, id int64, old, hash string) error {
	err := db.WithContext(ctx).Model(&User{}).Where("id = ? AND password_hash = ?", id, old).
		UpdateColumn("password_hash", hash).Error
	if err != nil {
		return fmt.Errorf("replace a password hash: %w", err)
	}
	return nil
}
