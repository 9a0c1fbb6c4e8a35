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
	changeEmail   purpose = "change_email" // mailed to the new address
	undoEmail     purpose = "undo_email"   // mailed to the old address
)

// KeepCodes is how long expired codes are kept, so that using one reports "expired" rather than "not valid".
const KeepCodes = 30 * 24 * time.Hour

// Code is a secret that was mailed to a user; using it proves that the user owns the address. Only its hash is stored.
// A user has at most one for each purpose: issuing another replaces it. Codes that undo a change of address are the
// exception: each mailed link works until it expires, however often it is opened and whatever is requested later.
type Code struct {
	ID        int64     `gorm:"primaryKey"`
	UserID    int64     `gorm:"not null;uniqueIndex:idx_user_codes_user_id_purpose,where:purpose <> 'undo_email';index"`
	User      *User     `gorm:"constraint:OnDelete:CASCADE"`
	Purpose   purpose   `gorm:"size:20;not null;uniqueIndex:idx_user_codes_user_id_purpose,where:purpose <> 'undo_email'"`
	Hash      string    `gorm:"size:64;not null;uniqueIndex"`
	Email     string    `gorm:"size:254;not null"` // the recipient
	ExpiresAt time.Time `gorm:"not null;index"`
	UsedAt    *time.Time
	// of an undoEmail: the user's TokenGeneration when the change was asked for
	Generation int64 `gorm:"not null;default:0"`
	// of an undoEmail: the TokenGeneration after it was used; 0: unused
	VoidBefore int64     `gorm:"not null;default:0"`
	CreatedAt  time.Time `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Code) TableName() string { return "user_codes" }

// extendUndo makes the user's codes that undo a change from the address valid for undoFor from now.
func extendUndo(ctx context.Context, tx *gorm.DB, userID int64, email string) error {
	err := tx.WithContext(ctx).Model(&Code{}).Where("user_id = ? AND purpose = 'undo_email' AND email = ?", userID, email).
		UpdateColumn("expires_at", tx.NowFunc().Add(undoFor)).Error
	if err != nil {
		return fmt.Errorf("extend codes: %w", err)
	}
	return nil
}

// supersede marks an undoEmail as used and voids the undoEmail codes of later changes that went to other addresses: an
// intruder must not get the account back through an address that they gave it. user is as stored after the undo.
func (c *Code) supersede(ctx context.Context, tx *gorm.DB, user *User) error {
	err := tx.WithContext(ctx).Model(&Code{}).Where("id = ?", c.ID).
		UpdateColumns(map[string]any{"used_at": tx.NowFunc(), "void_before": user.TokenGeneration}).Error
	if err != nil {
		return fmt.Errorf("use a code: %w", err)
	}
	return voidUndo(ctx, tx, user.ID, "email <> ? AND generation > ?", c.Email, c.Generation)
}

// superseded reports whether a new undoEmail to the address, for a change requested at the generation, would already be
// void: a mail may be composed long after the request.
func superseded(ctx context.Context, tx *gorm.DB, userID int64, email string, generation int64) (bool, error) {
	var count int64
	err := tx.WithContext(ctx).Model(&Code{}).Where("user_id = ? AND purpose = 'undo_email'", userID).
		Where("email <> ? AND generation < ? AND void_before > ?", email, generation, generation).Count(&count).Error
	if err != nil {
		return false, fmt.Errorf("find a used code: %w", err)
	}
	return count > 0, nil
}

// formerAddresses returns verified addresses that the user had before the current one and that no account has now. They
// are known while their changes can be undone, and for KeepCodes after that: longer than mails are kept.
func formerAddresses(ctx context.Context, db *gorm.DB, user *User) (emails []string, err error) {
	err = db.WithContext(ctx).Model(&Code{}).Distinct().
		Where("user_id = ? AND purpose = 'undo_email' AND email <> ?", user.ID, user.Email).
		Where("NOT EXISTS (?)", db.Model(&User{}).Select("1").Where("users.email = user_codes.email")).
		Order("email").Pluck("email", &emails).Error
	if err != nil {
		return nil, fmt.Errorf("find the former addresses of a user: %w", err)
	}
	return emails, nil
}

// voidUndo deletes the user's undoEmail codes that meet the condition.
func voidUndo(ctx context.Context, tx *gorm.DB, userID int64, condition string, values ...any) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose = 'undo_email'", userID).Where(condition, values...).
		Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("void codes: %w", err)
	}
	return nil
}

var errNoCode = errors.New("no such code")

// issueCode stores the code, whose user, purpose and address are set, and returns its text. It is valid for lifetime
// and replaces the user's last code for the same purpose, unless that is undoEmail.
func issueCode(ctx context.Context, tx *gorm.DB, code Code, lifetime time.Duration) (string, error) {
	text := rand.Text() // at least 128 bits: https://pkg.go.dev/crypto/rand#Text
	code.Hash, code.ExpiresAt = hashCode(code.Purpose, text), tx.NowFunc().Add(lifetime)
	replace := clause.OnConflict{ // one statement: concurrent calls both get a code, and the later one is valid
		Columns: []clause.Column{{Name: "user_id"}, {Name: "purpose"}},
		// as in the index
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "purpose <> 'undo_email'"}}},
		DoUpdates:   clause.AssignmentColumns([]string{"hash", "email", "expires_at", "used_at", "created_at"}),
	}
	if err := tx.WithContext(ctx).Clauses(replace).Create(&code).Error; err != nil {
		return "", fmt.Errorf("issue a code: %w", err)
	}
	return text, nil
}

// voidCodes deletes the user's codes for the purposes, if there are any.
func voidCodes(ctx context.Context, tx *gorm.DB, userID int64, purposes ...purpose) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose IN ?", userID, purposes).Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("void codes: %w", err)
	}
	return nil
}

// endCodes deletes the codes of a blocked user, except undoEmail codes: those belong to the owner of an earlier
// address, who may have been robbed of the account.
func endCodes(ctx context.Context, tx *gorm.DB, userID int64) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose <> ?", userID, undoEmail).Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("end the codes of a user: %w", err)
	}
	return nil
}

// voidAfterVerification deletes the user's codes when the user has verified the address, since someone else may have
// requested them. Two kinds stay: undoEmail codes belong to the owner of an earlier address, and a verifyEmail code for
// this address proves the same thing.
func voidAfterVerification(ctx context.Context, tx *gorm.DB, user *User) error {
	err := tx.WithContext(ctx).Where("user_id = ? AND purpose <> ?", user.ID, undoEmail).
		Where("NOT (purpose = ? AND email = ?)", verifyEmail, user.Email).Delete(&Code{}).Error
	if err != nil {
		return fmt.Errorf("void codes: %w", err)
	}
	return nil
}

// findCode returns the code for one of the purposes, with its user, or errNoCode. A blocked user has no codes except
// undoEmail codes, which do not let anyone sign in. findCode does not check expiry or use; the caller does.
func findCode(ctx context.Context, db *gorm.DB, text string, purposes ...purpose) (*Code, error) {
	hashes := make([]string, len(purposes))
	for i, p := range purposes {
		hashes[i] = hashCode(p, text)
	}
	var code Code
	err := db.WithContext(ctx).InnerJoins("User").Where("hash IN ?", hashes).Take(&code).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNoCode
	}
	if err != nil {
		return nil, fmt.Errorf("find a code: %w", err)
	}
	if code.User.BlockedAt != nil && code.Purpose != undoEmail {
		return nil, fmt.Errorf("%w: its user is blocked", errNoCode)
	}
	return &code, nil
}

// expired reports whether the code can no longer be used.
func (c *Code) expired(now time.Time) bool { return !now.Before(c.ExpiresAt) }

// exists fails with errNoCode if the code was voided or replaced since it was read.
func (c *Code) exists(ctx context.Context, tx *gorm.DB) error {
	var count int64
	query := tx.WithContext(ctx).Model(&Code{}).Where("id = ? AND hash = ?", c.ID, c.Hash)
	if err := query.Count(&count).Error; err != nil {
		return fmt.Errorf("find a code again: %w", err)
	}
	if count == 0 {
		return errNoCode
	}
	return nil
}

// use marks the code as used. Only one of several concurrent callers succeeds; the others get errNoCode.
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
