package app

import (
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/users"
)

// Models returns a value of every model of every feature: what the database schema is made from.
func Models() []any {
	return []any{
		&users.User{},
		&limits.LoginFailures{},
		&audit.Event{},
	}
}
