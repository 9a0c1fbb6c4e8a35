package users

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// CreateAdmin stores a new system administrator and returns them. Errors are FieldErrors for an address or a password
// that registration would refuse, and utils.ErrEmailInUse.
func CreateAdmin(ctx context.Context, db *gorm.DB, passwords *utils.Passwords, email, password string, minPassword int) (*User, error) {
	request := registration{Email: email, Password: password, minPassword: minPassword}
	if err := request.Validate().Err(); err != nil {
		return nil, err
	}
	now := db.NowFunc() // whoever has the database vouches for the address
	user := &User{Email: request.Email, PrimaryLanguage: defaultLanguage, IsAdmin: true, VerifiedAt: &now}
	if err := user.SetPassword(ctx, passwords, password); err != nil {
		return nil, fmt.Errorf("create an administrator: %w", err)
	}
	if err := create(ctx, db, user); err != nil {
		return nil, err
	}
	return user, nil
}
