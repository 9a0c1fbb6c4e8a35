package users

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/secrets"
)

// User is an account. Its address is unique among accounts that are not deleted.
type User struct {
	ID int64 `gorm:"primaryKey;index:idx_users_blocked,where:blocked_at IS NOT NULL AND deleted_at IS NULL;index:idx_users_unverified,where:verified_at IS NULL AND deleted_at IS NULL;index:idx_users_search_key,priority:2;index:idx_users_lastname_key,priority:2;index:idx_users_created_at,priority:2;uniqueIndex:idx_users_id_search_key_lastname_key,priority:1"`
	// canonical: text.CanonicalEmail
	Email           string `gorm:"size:254;not null;uniqueIndex:idx_users_email,where:deleted_at IS NULL"`
	PasswordHash    string `gorm:"size:255;not null"`
	Firstname       string `gorm:"size:100;not null"`
	Lastname        string `gorm:"size:100;not null"`
	UserTitle       string `gorm:"size:50;not null"`
	PrimaryLanguage string `gorm:"size:35;not null"`       // a language tag: RFC 5646
	NamedFor        int64  `gorm:"not null;default:0"`     // the event whose administrators chose the names; 0: none
	IsAdmin         bool   `gorm:"not null;default:false"` // see Administers
	PolicyAgreedAt  *time.Time
	VerifiedAt      *time.Time // when Email was verified
	BlockedAt       *time.Time // when an administrator blocked the user
	// the canonical address to change to once it is verified; may be empty
	PendingEmail    string         `gorm:"size:254;not null;default:''"`
	LastLogin       *time.Time     // to the minute: loginPrecision
	TokenGeneration int64          `gorm:"not null;default:0"` // of the valid tokens; raising it ends them
	CreatedAt       time.Time      `gorm:"not null;index:idx_users_created_at,priority:1,where:deleted_at IS NULL"`
	UpdatedAt       time.Time      `gorm:"not null"`
	DeletedAt       gorm.DeletedAt `gorm:"index:idx_users_deleted_at,where:deleted_at IS NOT NULL AND erased_at IS NULL"`
	ErasedAt        *time.Time     // when a deleted user's personal data was erased, here and elsewhere

	// Lists are searched in and sorted by these keys: see keyForm. They are bytes because all databases order bytes the
	// same way. Tables whose rows are listed by user store copies, with a foreign key to the user's id and both keys: ON
	// UPDATE CASCADE keeps the copies in step when a user's name or address changes.
	SearchKey   database.Bytes `gorm:"not null;index:idx_users_search_key,priority:1,where:deleted_at IS NULL;uniqueIndex:idx_users_id_search_key_lastname_key,priority:2"`
	LastnameKey database.Bytes `gorm:"not null;index:idx_users_lastname_key,priority:1,where:deleted_at IS NULL;uniqueIndex:idx_users_id_search_key_lastname_key,priority:3"`
}

// RevokedToken is a token that was ended before its expiry.
type RevokedToken struct {
	TokenID   string    `gorm:"primaryKey;size:64"` // secrets.Claims.TokenID
	ExpiresAt time.Time `gorm:"not null;index"`     // the row is useless afterwards
}

// SetPassword replaces the password's hash without saving the user. network is the client's, for fair queueing of the
// hashing. It fails as secrets.Passwords.Hash does.
func (u *User) SetPassword(
	ctx context.Context, passwords *secrets.Passwords, network netip.Prefix, password string,
) error {
	hash, err := passwords.Hash(ctx, network, password)
	if err != nil {
		return fmt.Errorf("hash the password: %w", err)
	}
	u.PasswordHash = hash
	return nil
}

// CheckPassword reports whether password is the user's and whether its stored hash should be replaced. It consumes
// place, and fails as secrets.Place.Verify does.
func (u *User) CheckPassword(
	ctx context.Context, place *secrets.Place, password string,
) (ok, outdated bool, err error) {
	ok, outdated, err = place.Verify(ctx, u.PasswordHash, password)
	if err != nil {
		return false, false, fmt.Errorf("verify the password: %w", err)
	}
	return ok, outdated, nil
}
