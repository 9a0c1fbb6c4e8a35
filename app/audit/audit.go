// Package audit records security events: who did what, when, and from where. Operators read them with the audit
// command. Events contain no secrets, and only ids of people.
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

// The kinds of events.
const (
	Registered       Kind = "registered"
	AdminCreated     Kind = "admin_created"
	AdminGranted     Kind = "admin_granted" // to an existing user
	AdminRevoked     Kind = "admin_revoked"
	AccountsImported Kind = "accounts_imported" // many at once
	SignedIn         Kind = "signed_in"
	SignInRefused    Kind = "sign_in_refused"    // a wrong password, or an address without an account
	SignInLimited    Kind = "sign_in_limited"    // likewise, and the next attempt has to wait
	SignInUnverified Kind = "sign_in_unverified" // the right password, but the address must be verified first
	SignInBlocked    Kind = "sign_in_blocked"    // the right password, but the account is blocked
	SignedOut        Kind = "signed_out"         // one token, or all of the user's
	PasswordChanged  Kind = "password_changed"   // by the signed-in user
	PasswordReset    Kind = "password_reset"     // by a mailed code
	EmailVerified    Kind = "email_verified"     // by a mailed link, or by an administrator or operator
	Blocked          Kind = "blocked"
	Unblocked        Kind = "unblocked"
	Deleted          Kind = "deleted"
	EventCreated     Kind = "event_created"     // events
	EventUpdated     Kind = "event_updated"     // events
	EventCancelled   Kind = "event_cancelled"   // events
	Erased           Kind = "erased"            // the personal data of a deleted account
	Exported         Kind = "exported"          // everything stored about a person
	BelongingsMoved  Kind = "belongings_moved"  // rights given to an address, moved to another account with it
	GuestInvited     Kind = "guest_invited"     // one event per guest // invitedguest
	GuestsInvited    Kind = "guests_invited"    // a bulk invitation: how many // invitedguest
	GuestRemoved     Kind = "guest_removed"     // invitedguest
	GuestCorrected   Kind = "guest_corrected"   // by an administrator: which fields // invitedguest
	GuestAnswered    Kind = "guest_answered"    // on the guest's behalf // invitedguest
	InvitationResent Kind = "invitation_resent" // invitedguest
	GuestReminded    Kind = "guest_reminded"    // one event per guest // invitedguest
	GuestsMailed     Kind = "guests_mailed"     // about a change or a cancellation: how many // invitedguest
	GuestTagged      Kind = "guest_tagged"      // invitedguest
	GuestUntagged    Kind = "guest_untagged"    // invitedguest
	TagDeleted       Kind = "tag_deleted"       // and removed from all its guests // tags
	RoleGranted      Kind = "role_granted"      // in an event; its creator's too // events
	RoleRemoved      Kind = "role_removed"      // events
)

// The kinds of events in a change of address.
const (
	EmailChangeRequested Kind = "email_change_requested"
	EmailChanged         Kind = "email_changed"        // by the link that was mailed to the new address
	EmailChangeRefused   Kind = "email_change_refused" // by the owner of the new address, who did not ask for it
	EmailChangeUndone    Kind = "email_change_undone"  // by the link that was mailed to the old address
)

// KeepAnonymous is how long events without an account are kept. It is short, so that a client that tries unknown
// addresses as fast as the server checks passwords cannot fill the disk.
const KeepAnonymous = time.Hour

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{
		Registered, AccountsImported, AdminCreated, AdminGranted, AdminRevoked, SignedIn, SignInRefused, SignInLimited,
		SignInUnverified, SignInBlocked, SignedOut, PasswordChanged, PasswordReset, EmailVerified, EmailChangeRequested,
		EmailChanged, EmailChangeRefused, EmailChangeUndone, Blocked, Unblocked, Deleted, Erased, Exported,
		BelongingsMoved,
		EventCreated, EventUpdated, EventCancelled, // events
		GuestInvited, GuestsInvited, GuestRemoved, GuestCorrected, GuestAnswered, // invitedguest
		InvitationResent, GuestReminded, GuestsMailed, GuestTagged, GuestUntagged, // invitedguest
		TagDeleted,               // tags
		RoleGranted, RoleRemoved, // events
	}
}

// Enum returns every kind as a string, for the API's document.
func (Kind) Enum() []string {
	texts := make([]string, 0, len(Kinds()))
	for _, kind := range Kinds() {
		texts = append(texts, string(kind))
	}
	return texts
}

// The values of Event.Address for events that no client caused.
const (
	CLI    = "cli"    // an operator, with a command
	Server = "server" // the program itself
)

// Event is a security event. It keeps the ids of users who are deleted later.
type Event struct {
	ID        int64     `gorm:"primaryKey;index:idx_audit_events_user_id,priority:2;index:idx_audit_events_actor_id,priority:2"`
	CreatedAt time.Time `gorm:"not null;index"`
	Kind      Kind      `gorm:"size:40;not null"`
	UserID    *int64    `gorm:"index:idx_audit_events_user_id,priority:1"` // the account that it is about
	// the signed-in user who caused it, if any
	ActorID   *int64 `gorm:"index:idx_audit_events_actor_id,priority:1"`
	Address   string `gorm:"size:45;not null"`  // the client's network address, CLI or Server
	RequestID string `gorm:"size:64;not null"`  // as in the log; empty for commands
	Detail    string `gorm:"size:500;not null"` // a JSON object, or empty
}

// TableName implements schema.Tabler.
func (Event) TableName() string { return "audit_events" }

// Actor is the cause of events: a client of the API, an operator at the command line, or the program. A handler or a
// command creates it, and services record events with it.
type Actor struct {
	UserID    int64      // the signed-in user; 0: none
	Client    netip.Addr // of a request; invalid for an operator or the program
	RequestID string     // as in the log; empty for an operator

	address string // if not "", replaces Client
}

// Operator returns the actor of commands. An operator can reach the database, and so may do anything.
func Operator() Actor { return Actor{address: CLI} }

// Program returns the actor of the program's own work.
func Program() Actor { return Actor{address: Server} }

// As returns the actor with the user that the request has just authenticated.
func (a Actor) As(userID int64) Actor {
	a.UserID = userID
	return a
}

// Event returns an event caused by the actor, about a user's account, or about none if userID is 0.
func (a Actor) Event(kind Kind, userID int64) Event {
	event := Event{Kind: kind, Address: a.Client.String(), RequestID: a.RequestID}
	if a.address != "" {
		event.Address = a.address
	}
	if userID != 0 {
		event.UserID = &userID
	}
	if a.UserID != 0 {
		event.ActorID = &a.UserID
	}
	return event
}

// With returns the event with a detail, which must take at most 500 characters as JSON.
func (e Event) With(detail map[string]any) Event {
	text, err := json.Marshal(detail)
	if err != nil {
		text = nil // a programming error; the event matters more
	}
	e.Detail = string(text)
	return e
}

// Record stores the event in tx, the transaction of the change it describes.
func Record(ctx context.Context, tx *gorm.DB, event Event) error {
	if err := tx.WithContext(ctx).Create(&event).Error; err != nil {
		return fmt.Errorf("record a security event: %w", err)
	}
	return nil
}
