package app

import (
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// Models returns a value of each model of each feature. The database schema is generated from them.
func Models() []any {
	return []any{
		&users.User{},
		&users.Code{},
		&mail.Message{},
		&users.RevokedToken{},
		&limits.LoginFailures{},
		&audit.Event{},
		&events.Event{},
		&events.Role{},
		&tags.Tag{},
		&invitedguest.InvitedGuest{},
		&invitedguest.GuestTag{},
		&invitedguest.Code{},
		&invitedguest.Reminder{},
		&invitedguest.BulkResponse{},
		&invitedguest.Announcement{},
		&invitedguest.Wording{},
		&invitedguest.Notification{},
		&invitedguest.News{},
	}
}
