package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// CreateAdmin stores a new system administrator and returns them. Errors are FieldErrors for an address or a password
// that registration would refuse, and utils.ErrEmailInUse.
func CreateAdmin(ctx context.Context, db *gorm.DB, passwords *secrets.Passwords, email, password string, rules PasswordRules) (*User, error) {
	request := registration{Email: email, Password: password, rules: rules}
	if err := request.Validate().Err(); err != nil {
		return nil, err
	}
	now := db.NowFunc() // whoever has the database vouches for the address
	user := &User{Email: request.Email, PrimaryLanguage: text.DefaultLanguage, IsAdmin: true, VerifiedAt: &now}
	if err := user.SetPassword(ctx, passwords, password); err != nil {
		return nil, fmt.Errorf("create an administrator: %w", err)
	}
	record := func(tx *gorm.DB, user *User) error {
		return audit.Record(ctx, tx, audit.Event{Kind: audit.AdminCreated, UserID: &user.ID, Address: audit.CLI})
	}
	if err := create(ctx, db, user, record); err != nil {
		return nil, err
	}
	return user, nil
}

// SetAdmin makes the user with the address a system administrator, or one no more, and returns the user as they are then
// and whether that changed anything. It holds for tokens that there are, at once. Errors are text.ErrInvalidEmail,
// utils.ErrUserNotFound and utils.ErrLastAdministrator.
func SetAdmin(ctx context.Context, db *gorm.DB, email string, admin bool) (user *User, changed bool, err error) {
	email, err = text.CanonicalEmail(email)
	if err != nil {
		return nil, false, err
	}
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		admins, err := lockAdmins(tx) // all, so that of two who are revoked at once the second sees what became of the first
		if err != nil {
			return err
		}
		if user, err = FindByEmail(ctx, locked(tx), email); err != nil || user.IsAdmin == admin {
			return err
		}
		if slices.Equal(admins, []int64{user.ID}) {
			return utils.ErrLastAdministrator
		}
		user.IsAdmin, changed = admin, true
		return storeAdmin(ctx, tx, user.ID, admin)
	})
	return user, changed && err == nil, err
}

// lockAdmins returns the ids of all system administrators, and keeps others from changing them until tx ends.
func lockAdmins(tx *gorm.DB) (ids []int64, err error) {
	err = locked(tx).Model(&User{}).Where("is_admin").Order("id").Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("lock the administrators: %w", err)
	}
	return ids, nil
}

// locked keeps others from changing the users whom a query finds. SQLite's transactions lock all.
func locked(query *gorm.DB) *gorm.DB {
	return query.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
}

func storeAdmin(ctx context.Context, tx *gorm.DB, id int64, admin bool) error {
	if err := tx.Model(&User{}).Where("id = ?", id).Update("is_admin", admin).Error; err != nil {
		return fmt.Errorf("store whether a user is an administrator: %w", err)
	}
	kind := audit.AdminRevoked
	if admin {
		kind = audit.AdminGranted
	}
	return audit.Record(ctx, tx, audit.Event{Kind: kind, UserID: &id, Address: audit.CLI})
}

// IDOf returns the id of the user whom an operator names by it or by the e-mail address. A deleted user still has one.
func IDOf(ctx context.Context, db *gorm.DB, user string) (int64, error) {
	if id, err := strconv.ParseInt(user, 10, 64); err == nil {
		return id, nil
	}
	email, err := text.CanonicalEmail(user)
	if err != nil {
		return 0, fmt.Errorf("%q is neither an id nor an e-mail address", user)
	}
	var found User
	err = db.WithContext(ctx).Unscoped().Order("id DESC").Where("email = ?", email).Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return 0, fmt.Errorf("nobody has the address %s", email)
	}
	return found.ID, err
}
