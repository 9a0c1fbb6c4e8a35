package events

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/users"
)

// AdministersAny reports whether the user may administer at least one of the events with the ids. It takes as long
// where there are none.
func AdministersAny(ctx context.Context, db *gorm.DB, user *users.User, ids []int64) (bool, error) {
	events := make([]Event, len(ids))
	for i, id := range ids {
		events[i].ID = id
	}
	administered, err := (&Service{db: db}).Administered(ctx, user, events...)
	return len(administered) > 0, err
}
