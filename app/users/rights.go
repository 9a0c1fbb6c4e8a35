package users

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Anyone can register any address. What others grant to an address, roles in events and that of a system administrator,
// is stored at once and counts only if the user has proved to own the address and is not blocked. Every decision about
// rights asks the methods InEffect or Administers, and the function InEffect narrows every query that counts those who
// have some.

// Verified reports whether the user has proved to own the address.
func (u *User) Verified() bool { return u.VerifiedAt != nil }

// InEffect reports whether what the user was granted counts.
func (u *User) InEffect() bool { return u.Verified() && u.BlockedAt == nil }

// Administers reports whether the user is a system administrator in effect.
func (u *User) Administers() bool { return u.IsAdmin && u.InEffect() }

// InEffect narrows a query down to the users whose rights count: those for whom the method InEffect returns true. table
// is what the query calls the users.
func InEffect(query *gorm.DB, table string) *gorm.DB {
	return query.Where(clause.Neq{Column: clause.Column{Table: table, Name: "verified_at"}, Value: nil}).
		Where(clause.Eq{Column: clause.Column{Table: table, Name: "blocked_at"}, Value: nil})
}

// claimed reports whether somebody has registered the address without proving to own it: a stranger, perhaps. An
// account that was made for an invited guest has no password until its user proves to own the address.
func (u *User) claimed() bool { return !u.Verified() && u.PasswordHash != "" }

// ownOf reports whether the account was made for a guest of the event and nobody has begun to use it or given it
// rights: then it is the event's administrators' to correct.
func (u *User) ownOf(eventID int64) bool {
	return eventID != 0 && u.NamedFor == eventID && u.PasswordHash == "" && !u.Verified() &&
		u.BlockedAt == nil && !u.IsAdmin
}

// MailName returns the title and the names for a mail, or a page that a mail leads to, about an event; 0: about none.
// It is empty while they may be a stranger's words: before the address is verified, the only ones to be trusted are
// those that an event's administrators have chosen for a guest, in what is about their own event.
func (u *User) MailName(eventID int64) string {
	if u.Verified() || !u.claimed() && u.NamedFor == eventID && eventID != 0 {
		return u.Fullname()
	}
	return ""
}
