package app

import (
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// Models returns a value of every model of every feature: what the database schema is made from.
func Models() []any {
	return []any{
		&users.User{},
		&users.Code{},
		&mail.Message{},
		&users.RevokedToken{},
		&limits.LoginFailures{},
		&audit.Event{},
	}
}
