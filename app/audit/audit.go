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
	SignInBlocked    Kind = "sign_in_blocked"    // the right password, for an account that is blocked
	SignedOut        Kind = "signed_out"         // by one token, or everywhere
	PasswordChanged  Kind = "password_changed"   // by who is signed in
	PasswordReset    Kind = "password_reset"     // by a mailed code
	EmailVerified    Kind = "email_verified"     // by a mailed link, or by an administrator or operator
	Blocked          Kind = "blocked"
	Unblocked        Kind = "unblocked"
	Deleted          Kind = "deleted"
	EventCreated     Kind = "event_created"     // events
	EventUpdated     Kind = "event_updated"     // events
	EventCancelled   Kind = "event_cancelled"   // events
	Erased           Kind = "erased"            // what was left of a deleted account
	Exported         Kind = "exported"          // all that is stored of a person
	BelongingsMoved  Kind = "belongings_moved"  // what hangs on an address, to another account of it
	GuestInvited     Kind = "guest_invited"     // of many, one each // invitedguest
	GuestsInvited    Kind = "guests_invited"    // that many were, at once: how many // invitedguest
	GuestRemoved     Kind = "guest_removed"     // invitedguest
	GuestCorrected   Kind = "guest_corrected"   // by an administrator: which fields // invitedguest
	GuestAnswered    Kind = "guest_answered"    // on the guest's behalf // invitedguest
	InvitationResent Kind = "invitation_resent" // invitedguest
	GuestReminded    Kind = "guest_reminded"    // of many, one each // invitedguest
	GuestsMailed     Kind = "guests_mailed"     // a change or a cancellation, at once: how many // invitedguest
	GuestTagged      Kind = "guest_tagged"      // invitedguest
	GuestUntagged    Kind = "guest_untagged"    // invitedguest
	TagDeleted       Kind = "tag_deleted"       // and taken from all guests who had it // tags
	RoleGranted      Kind = "role_granted"      // in an event, as its creator's is // events
	RoleRemoved      Kind = "role_removed"      // events
)

// The kinds of events in a change of address.
const (
	EmailChangeRequested Kind = "email_change_requested"
	EmailChanged         Kind = "email_changed"        // by the link that was mailed to the new address
	EmailChangeRefused   Kind = "email_change_refused" // by the new address, whose owner did not ask for it
	EmailChangeUndone    Kind = "email_change_undone"  // by the link that was mailed to the old address
)

// KeepNobodys is how long events about no account are kept: a client that tries addresses that nobody has, as fast as
// the server checks passwords, must not fill the disk.
const KeepNobodys = time.Hour

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{
		Registered, AccountsImported, AdminCreated, AdminGranted, AdminRevoked, SignedIn, SignInRefused, SignInLimited,
		SignInUnverified, SignInBlocked, SignedOut, PasswordChanged, PasswordReset, EmailVerified, EmailChangeRequested,
		EmailChanged,
		EmailChangeRefused, EmailChangeUndone, Blocked, Unblocked, Deleted, Erased, Exported, BelongingsMoved,
		EventCreated, EventUpdated, EventCancelled, // events
		GuestInvited, GuestsInvited, GuestRemoved, GuestCorrected, GuestAnswered, // invitedguest
		InvitationResent, GuestReminded, GuestsMailed, GuestTagged, GuestUntagged, // invitedguest
		TagDeleted,               // tags
		RoleGranted, RoleRemoved, // events
	}
}

// Enum returns every kind as texts, for the API's document.
func (Kind) Enum() []string {
	texts := make([]string, 0, len(Kinds()))
	for _, kind := range Kinds() {
		texts = append(texts, string(kind))
	}
	return texts
}

// The addresses of what no client did.
const (
	CLI    = "cli"    // an operator did it by a command
	Server = "server" // the program did it by itself
)

// Event is something that happened. A user who is deleted later stays named here.
type Event struct {
	ID        int64     `gorm:"primaryKey;index:idx_audit_events_user_id,priority:2;index:idx_audit_events_actor_id,priority:2"`
	CreatedAt time.Time `gorm:"not null;index"`
	Kind      Kind      `gorm:"size:40;not null"`
	UserID    *int64    `gorm:"index:idx_audit_events_user_id,priority:1"` // whose account it is about
	// who did it, if the account was signed in to or somebody else's
	ActorID   *int64 `gorm:"index:idx_audit_events_actor_id,priority:1"`
	Address   string `gorm:"size:45;not null"`  // the client's network address, CLI or Server
	RequestID string `gorm:"size:64;not null"`  // as in the log; empty for commands
	Detail    string `gorm:"size:500;not null"` // a JSON object, or empty
}

// TableName implements schema.Tabler.
func (Event) TableName() string { return "audit_events" }

// Actor is who causes events: a client of the API, or an operator at the command line. A handler or a command makes it,
// once, and services record with it what was done.
type Actor struct {
	UserID    int64      // who is signed in; 0: nobody, or an operator
	Client    netip.Addr // of a request; not valid for an operator
	RequestID string     // as in the log; empty for an operator

	address string // instead of Client's
}

// Operator returns the actor of commands: somebody who can reach the database may do anything.
func Operator() Actor { return Actor{address: CLI} }

// Program returns the actor of what the program does by itself.
func Program() Actor { return Actor{address: Server} }

// As returns the actor as the user whom a request has just proved to be.
func (a Actor) As(userID int64) Actor {
	a.UserID = userID
	return a
}

// Event returns an event that the actor causes, about a user's account; 0 for nobody's.
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
