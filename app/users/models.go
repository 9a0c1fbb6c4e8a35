package users

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// User is an account.
type User struct {
	ID              int64  `gorm:"primaryKey"`
	Email           string `gorm:"size:254;not null;uniqueIndex"` // canonical: utils.CanonicalEmail
	PasswordHash    string `gorm:"size:255;not null"`
	Firstname       string `gorm:"size:100;not null"`
	Lastname        string `gorm:"size:100;not null"`
	UserTitle       string `gorm:"size:50;not null"`
	PrimaryLanguage string `gorm:"size:35;not null"` // a language tag: RFC 5646
	IsAdmin         bool   `gorm:"not null;default:false"`
	PolicyAgreedAt  *time.Time
	VerifiedAt      *time.Time     // when the address was shown to be the user's
	TokenGeneration int            `gorm:"not null;default:0"` // tokens of earlier ones are no longer good
	CreatedAt       time.Time      `gorm:"not null"`
	UpdatedAt       time.Time      `gorm:"not null"`
	DeletedAt       gorm.DeletedAt `gorm:"index"`
}

// SetPassword replaces the password; the user is not saved. It fails as utils.Passwords.Hash does.
func (u *User) SetPassword(ctx context.Context, passwords *utils.Passwords, password string) error {
	hash, err := passwords.Hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash the password: %w", err)
	}
	u.PasswordHash = hash
	return nil
}

// CheckPassword tells whether password is the user's and whether its stored hash should be replaced. It fails as
// utils.Passwords.Verify does.
func (u *User) CheckPassword(ctx context.Context, passwords *utils.Passwords, password string) (ok, outdated bool, err error) {
	ok, outdated, err = passwords.Verify(ctx, u.PasswordHash, password)
	if err != nil {
		return false, false, fmt.Errorf("verify the password: %w", err)
	}
	return ok, outdated, nil
}
