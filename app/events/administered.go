package events

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/users"
)

// AdministersAny reports whether the user may administer any of the events with the ids. Events that do not exist take
// just as long to check.
func AdministersAny(ctx context.Context, db *gorm.DB, user *users.User, ids []int64) (bool, error) {
	events := make([]Event, len(ids))
	for i, id := range ids {
		events[i].ID = id
	}
	administered, err := (&Service{db: db}).Administered(ctx, user, events...)
	return len(administered) > 0, err
}
