package users

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// CreateAdmin stores a new system administrator and returns them. Errors are FieldErrors for an address or a password
// that registration would refuse, and utils.ErrEmailInUse.
func CreateAdmin(ctx context.Context, db *gorm.DB, passwords *utils.Passwords, email, password string, rules PasswordRules) (*User, error) {
	request := registration{Email: email, Password: password, rules: rules}
	if err := request.Validate().Err(); err != nil {
		return nil, err
	}
	now := db.NowFunc() // whoever has the database vouches for the address
	user := &User{Email: request.Email, PrimaryLanguage: utils.DefaultLanguage, IsAdmin: true, VerifiedAt: &now}
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

// IDOf returns the id of the user whom an operator names by it or by the e-mail address. A deleted user still has one.
func IDOf(ctx context.Context, db *gorm.DB, user string) (int64, error) {
	if id, err := strconv.ParseInt(user, 10, 64); err == nil {
		return id, nil
	}
	email, err := utils.CanonicalEmail(user)
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
