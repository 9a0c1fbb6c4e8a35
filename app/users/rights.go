package users

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Anyone can register any address. A role that is granted to an address, in an event or as a system administrator, is
// stored immediately, but is in effect only while the address is verified and the user is not blocked. Every decision
// about rights calls the methods InEffect or Administers; every query for users with rights uses the function InEffect.

// Verified reports whether the user has verified the address.
func (u *User) Verified() bool { return u.VerifiedAt != nil }

// InEffect reports whether the user's roles are in effect.
func (u *User) InEffect() bool { return u.Verified() && u.BlockedAt == nil }

// Administers reports whether the user is a system administrator in effect.
func (u *User) Administers() bool { return u.IsAdmin && u.InEffect() }

// InEffect restricts a query to the users for whom the method InEffect returns true. table is the name or alias of
// users in the query.
func InEffect(query *gorm.DB, table string) *gorm.DB {
	return query.Where(clause.Neq{Column: clause.Column{Table: table, Name: "verified_at"}, Value: nil}).
		Where(clause.Eq{Column: clause.Column{Table: table, Name: "blocked_at"}, Value: nil})
}

// claimed reports whether someone, perhaps a stranger, has registered the address without verifying it. An account that
// was created for an invited guest has no password until its address is verified.
func (u *User) claimed() bool { return !u.Verified() && u.PasswordHash != "" }

// correctableBy reports whether the event's administrators may correct the account: it was created for a guest of the
// event, is not in use and has no rights.
func (u *User) correctableBy(eventID int64) bool {
	return eventID != 0 && u.NamedFor == eventID && u.PasswordHash == "" && !u.Verified() &&
		u.BlockedAt == nil && !u.IsAdmin
}

// MailName returns the title and the names for a mail about an event (0: none), or for a page linked from one. It is
// empty if they may be a stranger's text: before the address is verified, only names that the administrators of this
// event chose for a guest are trusted.
func (u *User) MailName(eventID int64) string {
	if u.Verified() || !u.claimed() && u.NamedFor == eventID && eventID != 0 {
		return u.Fullname()
	}
	return ""
}
