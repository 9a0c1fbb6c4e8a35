package seed

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/terminal"
	"guestlist/app/users"
)

// NotEmptyError says that the database holds something already.
type NotEmptyError struct{ Held string }

// Error implements error.
func (e *NotEmptyError) Error() string {
	return "the database is not empty, and only an empty one is filled: it has " + e.Held
}

// Hint says what to do about it.
func (*NotEmptyError) Hint() string {
	return "to begin again and lose all that is there, run db downgrade base, db upgrade and seed; or name " +
		"another database " +
		"in DATABASE_URL"
}

// checkEmpty fails with a NotEmptyError if there is or was a user, an event or a guest.
func checkEmpty(ctx context.Context, db *gorm.DB) error {
	var held []string
	for _, table := range []struct {
		model        any
		one, several string
	}{
		{&users.User{}, "user", "users"},
		{&events.Event{}, "event", "events"},
		{&invitedguest.InvitedGuest{}, "guest", "guests"},
	} {
		var count int64
		if err := db.WithContext(ctx).Unscoped().Model(table.model).Count(&count).Error; err != nil {
			return fmt.Errorf("find out whether the database is empty: %w", err)
		}
		if count > 0 {
			held = append(held, terminal.Counted(int(count), table.one, table.several))
		}
	}
	if len(held) > 0 {
		return &NotEmptyError{strings.Join(held, ", ")}
	}
	return nil
}
