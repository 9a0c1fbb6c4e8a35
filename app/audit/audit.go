// Package audit keeps the security events: who did what, when, and from where. Administrators read them with the
// program's audit command. They hold no secrets and, of people, only ids.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"gorm.io/gorm"
)

// Kind is what happened.
type Kind string

// The kinds of events there are.
const (
	Registered       Kind = "registered"
	AdminCreated     Kind = "admin_created"
	AdminGranted     Kind = "admin_granted" // to a user who there was
	AdminRevoked     Kind = "admin_revoked"
	AccountsImported Kind = "accounts_imported" // many at once
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
		Registered, AccountsImported, AdminCreated, AdminGranted, AdminRevoked, SignedIn, SignInRefused, SignInLimited, SignInUnverified, SignedOut,
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

// Actor is who causes events: a client of the API, or an operator at the command line. A handler or a command makes it,
// once, and services record with it what was done.
type Actor struct {
	UserID    int64      // who is signed in; 0: nobody, or an operator
	Client    netip.Addr // of a request; not valid for an operator
	RequestID string     // as in the log; empty for an operator

	operator bool
}

// Operator returns the actor of commands: somebody who can reach the database may do anything.
func Operator() Actor { return Actor{operator: true} }

// As returns the actor as the user whom a request has just proved to be.
func (a Actor) As(userID int64) Actor {
	a.UserID = userID
	return a
}

// Event returns an event that the actor causes, about a user's account; 0 for nobody's.
func (a Actor) Event(kind Kind, userID int64) Event {
	event := Event{Kind: kind, Address: a.Client.String(), RequestID: a.RequestID}
	if a.operator {
		event.Address = CLI
	}
	if userID != 0 {
		event.UserID = &userID
	}
	if a.UserID != 0 {
		event.ActorID = &a.UserID
	}
	return event
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
