package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/users"
)

// usedElsewhere returns a users.Elsewhere for the guests of the event.
func usedElsewhere(eventID int64) users.Elsewhere {
	return func(ctx context.Context, tx *gorm.DB, userIDs []int64) (map[int64]bool, error) {
		used, err := events.HoldersAmong(ctx, tx, userIDs)
		if err != nil {
			return nil, err
		}
		const column = "invited_guests.user_id"
		var others []int64
		// The unary plus keeps SQLite from scanning the guests of all events for each user.
		query := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("+invited_guests.event_id <> ?", eventID)
		if err := database.WhereIn(query, column, userIDs).Pluck(column, &others).Error; err != nil {
			return nil, fmt.Errorf("find who is a guest of other events: %w", err)
		}
		for _, id := range others {
			used[id] = true
		}
		return used, nil
	}
}
