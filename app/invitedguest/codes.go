package invitedguest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Code is a secret in the link that is mailed to a guest: possession of it authenticates the guest. Only its hash is
// stored. A guest may have several codes; they are valid as long as they are stored, independent of the program's
// signing keys.
type Code struct {
	Hash           string        `gorm:"primaryKey;size:64"`
	InvitedGuestID int64         `gorm:"not null;index"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	CreatedAt      time.Time     `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Code) TableName() string { return "invited_guest_codes" }

// issueCode stores a new code for the guest and returns its text. Every attempt at a mail, a dozen at most, issues its
// own, because a failed attempt may still have delivered the mail.
func issueCode(ctx context.Context, tx *gorm.DB, guestID int64) (string, error) {
	text := rand.Text() // at least 128 bits: https://pkg.go.dev/crypto/rand#Text
	if err := tx.WithContext(ctx).Create(&Code{Hash: hashCode(text), InvitedGuestID: guestID}).Error; err != nil {
		return "", fmt.Errorf("issue a code for a guest: %w", err)
	}
	return text, nil
}

// issueLink returns a link, with a new code, to the page on which the guest answers.
func issueLink(ctx context.Context, tx *gorm.DB, publicURL string, guestID int64) (string, error) {
	code, err := issueCode(ctx, tx, guestID)
	return publicURL + "/invitation/" + code, err
}

// loadByCode returns the guest that the code authenticates, with event and user, or utils.ErrInvitationNotValid.
func loadByCode(ctx context.Context, db *gorm.DB, text string) (*InvitedGuest, error) {
	g, err := load(ctx, db.Joins("JOIN invited_guest_codes ON invited_guest_codes.invited_guest_id = invited_guests.id").
		Where("invited_guest_codes.hash = ?", hashCode(text)))
	if errors.Is(err, utils.ErrGuestNotFound) {
		return nil, utils.ErrInvitationNotValid
	}
	return g, err
}

// hashCode hashes a code with a prefix for its purpose, so that hashes of other secrets never match. Codes have enough
// entropy for a plain hash.
func hashCode(text string) string {
	sum := sha256.Sum256([]byte("invitation:" + text))
	return hex.EncodeToString(sum[:])
}
