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

// NotEmptyError means that the database is not empty.
type NotEmptyError struct{ Held string }

// Error implements error.
func (e *NotEmptyError) Error() string {
	return "seed fills only an empty database, and this one has " + e.Held
}

// Hint returns what to do about the error.
func (*NotEmptyError) Hint() string {
	return "to delete everything and start over, run db downgrade base, db upgrade and seed; or set DATABASE_URL to " +
		"another database"
}

// checkEmpty fails with a NotEmptyError if there are users, events or guests, even deleted ones.
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
			return fmt.Errorf("check that the database is empty: %w", err)
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
