package users

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// purpose is what a mailed code allows its user to do.
type purpose string

const (
	resetPassword purpose = "reset_password"
	verifyEmail   purpose = "verify_email"
	undoEmail     purpose = "undo_email" // mailed to an earlier address
)

// KeepCodes is how long expired codes are kept, so that using one reports "expired" rather than "not valid".
const KeepCodes = 30 * 24 * time.Hour

// Code is a secret that was mailed to a user, who proves with it to own the address. Only its hash is stored. A user
// has at most one for each purpose: issuing another replaces it.
type Code struct {
	ID        int64     `gorm:"primaryKey"`
	UserID    int64     `gorm:"not null;uniqueIndex:idx_user_codes_user_id_purpose"`
	User      *User     `gorm:"constraint:OnDelete:CASCADE"`
	Purpose   purpose   `gorm:"size:20;not null;uniqueIndex:idx_user_codes_user_id_purpose"`
	Hash      string    `gorm:"size:64;not null;uniqueIndex"`
	Email     string    `gorm:"size:254;not null"` // to which it was mailed
	ExpiresAt time.Time `gorm:"not null"`
	UsedAt    *time.Time
	CreatedAt time.Time `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Code) TableName() string { return "user_codes" }

var errNoCode = errors.New("no such code")

// issueCode returns a new code for the user, valid for lifetime. It replaces the last one for the same purpose.
func issueCode(ctx context.Context, tx *gorm.DB, user *User, p purpose, lifetime time.Duration) (string, error) {
	text := rand.Text() // at least 128 bits: https://pkg.go.dev/crypto/rand#Text
	code := Code{
		UserID: user.ID, Purpose: p, Hash: hashCode(p, text), Email: user.Email, ExpiresAt: tx.NowFunc().Add(lifetime),
	}
	replace := clause.OnConflict{ // one statement, so that of two at once both get a code, and the later one is valid
		Columns:   []clause.Column{{Name: "user_id"}, {Name: "purpose"}},
		DoUpdates: clause.AssignmentColumns([]string{"hash", "email", "expires_at", "used_at", "created_at"}),
	}
	if err := tx.WithContext(ctx).Clauses(replace).Create(&code).Error; err != nil {
		return "", fmt.Errorf("issue a code: %w", err)
	}
	return text, nil
}

// voidCode deletes the user's code for the purpose, if there is one.
func voidCode(ctx context.Context, tx *gorm.DB, userID int64, p purpose) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose = ?", userID, p).Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("void a code: %w", err)
	}
	return nil
}

// voidCodes deletes the user's codes, of whatever purpose, when the user has proved to own the address: perhaps
// somebody else has asked for them. Two stay: what undoes a change is for the owner of an earlier address, and what
// verifies this address proves the same.
func voidCodes(ctx context.Context, tx *gorm.DB, user *User) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose <> ?", user.ID, undoEmail).
		Where("NOT (purpose = ? AND email = ?)", verifyEmail, user.Email).Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("void codes: %w", err)
	}
	return nil
}

// findCode returns the code with its user, or errNoCode. It does not check expiry or use; the caller does.
func findCode(ctx context.Context, db *gorm.DB, p purpose, text string) (*Code, error) {
	var code Code
	err := db.WithContext(ctx).InnerJoins("User").Where("hash = ?", hashCode(p, text)).Take(&code).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNoCode
	}
	if err != nil {
		return nil, fmt.Errorf("find a code: %w", err)
	}
	return &code, nil
}

// use marks the code as used. Of several callers at once only one succeeds; the others get errNoCode.
func (c *Code) use(ctx context.Context, tx *gorm.DB) error {
	now := tx.NowFunc()
	done := tx.WithContext(ctx).Model(&Code{}).
		Where("id = ? AND hash = ? AND used_at IS NULL AND expires_at > ?", c.ID, c.Hash, now).
		UpdateColumn("used_at", now)
	if done.Error != nil {
		return fmt.Errorf("use a code: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return errNoCode
	}
	return nil
}

// hashCode hashes a code with its purpose, so that it is valid for that purpose only. Codes are random enough for a
// plain hash to keep them secret.
func hashCode(p purpose, text string) string {
	sum := sha256.Sum256([]byte(string(p) + ":" + text))
	return hex.EncodeToString(sum[:])
}
