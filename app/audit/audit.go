// Package audit keeps the security events: who did what, when, and from where. Administrators read them with the program's
// audit command. They hold no secrets and, of people, only ids.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Kind is what happened.
type Kind string

// The kinds of events there are.
const (
	Registered       Kind = "registered"
	AdminCreated     Kind = "admin_created"
	AdminGranted     Kind = "admin_granted" // to a user who there was
	AdminRevoked     Kind = "admin_revoked"
	SignedIn         Kind = "signed_in"
	SignInRefused    Kind = "sign_in_refused"    // a wrong password, or an address that nobody has
	SignInLimited    Kind = "sign_in_limited"    // likewise, and the next attempt has to wait
	SignInUnverified Kind = "sign_in_unverified" // the right password, for an address that is not verified but has to be
	SignedOut        Kind = "signed_out"         // by one token, or everywhere
	PasswordChanged  Kind = "password_changed"   // by who is signed in
	PasswordReset    Kind = "password_reset"     // by a mailed code
	EmailChanged     Kind = "email_changed"
	EmailVerified    Kind = "email_verified"
	Deleted          Kind = "deleted"
	GuestInvited     Kind = "guest_invited"
	GuestsInvited    Kind = "guests_invited" // many at once
	GuestRemoved     Kind = "guest_removed"
	RoleGranted      Kind = "role_granted" // in an event, as its creator's is
	RoleRemoved      Kind = "role_removed"
)

// KeepNobodys is how long events about no account stay: whoever tries addresses that nobody has, as fast as the server
// checks passwords, must not fill the disk.
const KeepNobodys = time.Hour

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{
		Registered, AdminCreated, AdminGranted, AdminRevoked, SignedIn, SignInRefused, SignInLimited, SignInUnverified, SignedOut,
		PasswordChanged, PasswordReset, EmailChanged, EmailVerified, Deleted,
		GuestInvited, GuestsInvited, GuestRemoved,
		RoleGranted, RoleRemoved,
	}
}

// CLI is the address of what an operator did by a command.
const CLI = "cli"

// Event is something that happened. A user who is deleted later stays named here.
type Event struct {
	ID        int64     `gorm:"primaryKey"`
	CreatedAt time.Time `gorm:"not null;index"`
	Kind      Kind      `gorm:"size:40;not null"`
	UserID    *int64    `gorm:"index"` // whose account it is about
	ActorID   *int64    // who did it, if the account was signed in to or somebody else's
	Address   string    `gorm:"size:45;not null"`  // the client's network address, or CLI
	RequestID string    `gorm:"size:64;not null"`  // as in the log; empty for commands
	Detail    string    `gorm:"size:500;not null"` // a JSON object, or empty
}

// TableName implements schema.Tabler.
func (Event) TableName() string { return "audit_events" }

// From returns an event of that kind that the request causes, about the user's account; 0: nobody's.
func From(c *gin.Context, kind Kind, userID int64) Event {
	event := Event{Kind: kind, Address: utils.Client(c).String(), RequestID: utils.RequestID(c)}
	if userID != 0 {
		event.UserID = &userID
	}
	return event
}

// By returns the event with whoever did it.
func (e Event) By(actorID int64) Event {
	e.ActorID = &actorID
	return e
}

// With returns the event with a detail, which becomes JSON of at most 500 characters.
func (e Event) With(detail map[string]any) Event {
	text, err := json.Marshal(detail)
	if err != nil {
		text = nil // a programming mistake, and the event matters more
	}
	e.Detail = string(text)
	return e
}

// Record stores the event in the transaction tx of what it tells of.
func Record(ctx context.Context, tx *gorm.DB, event Event) error {
	if err := tx.WithContext(ctx).Create(&event).Error; err != nil {
		return fmt.Errorf("record a security event: %w", err)
	}
	return nil
}
