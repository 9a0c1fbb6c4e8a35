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

// Code is a secret that was mailed to a guest, who answers with it without signing in: possession of the code
// authenticates the guest. Only its hash is stored. It is good as long as the invitation exists, and so are all others
// that were mailed to the guest, whatever keys the program signs with.
type Code struct {
	Hash           string        `gorm:"primaryKey;size:64"`
	InvitedGuestID int64         `gorm:"not null;index"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	CreatedAt      time.Time     `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Code) TableName() string { return "invited_guest_codes" }

// issueCode returns a new code for the guest. Each attempt at a mail, of which there are a dozen at most, gets one of
// its own, because a mail may have arrived although the attempt failed.
func issueCode(ctx context.Context, tx *gorm.DB, guestID int64) (string, error) {
	text := rand.Text() // at least 128 bits: https://pkg.go.dev/crypto/rand#Text
	if err := tx.WithContext(ctx).Create(&Code{Hash: hashCode(text), InvitedGuestID: guestID}).Error; err != nil {
		return "", fmt.Errorf("issue a code for a guest: %w", err)
	}
	return text, nil
}

// issueLink returns a link to the page on which the guest answers, with a code of its own.
func issueLink(ctx context.Context, tx *gorm.DB, publicURL string, guestID int64) (string, error) {
	code, err := issueCode(ctx, tx, guestID)
	return publicURL + "/invitation/" + code, err
}

// loadByCode returns the guest whose code it is, with event and user, or utils.ErrInvitationNotValid.
func loadByCode(ctx context.Context, db *gorm.DB, text string) (*InvitedGuest, error) {
	g, err := load(ctx, db.Joins("JOIN invited_guest_codes ON invited_guest_codes.invited_guest_id = invited_guests.id").
		Where("invited_guest_codes.hash = ?", hashCode(text)))
	if errors.Is(err, utils.ErrGuestNotFound) {
		return nil, utils.ErrInvitationNotValid
	}
	return g, err
}

// hashCode hashes a code with its purpose, so that no other secret's hash is one. Codes are random enough for a plain
// hash to keep them secret.
func hashCode(text string) string {
	sum := sha256.Sum256([]byte("invitation:" + text))
	return hex.EncodeToString(sum[:])
}
