package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/events"
)

// Guests implements events.Guests.
type Guests struct{}

// IsGuest implements events.Guests.
func (Guests) IsGuest(ctx context.Context, db *gorm.DB, eventID, userID int64) (bool, error) {
	return IsGuest(ctx, db, eventID, userID)
}

// EventsOf implements events.Guests.
func (Guests) EventsOf(db *gorm.DB, userID int64) *gorm.DB {
	return db.Model(&InvitedGuest{}).Select("event_id").Where("user_id = ?", userID)
}

// Attendances implements events.Guests.
func (Guests) Attendances(
	ctx context.Context, db *gorm.DB, userID int64, eventIDs []int64,
) (map[int64]*events.Attendance, error) {
	var rows []InvitedGuest
	query := db.WithContext(ctx).Select("event_id", "role", "status").Where("user_id = ?", userID)
	if err := database.WhereIn(query, "event_id", eventIDs).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find the attendances of a user: %w", err)
	}
	found := make(map[int64]*events.Attendance, len(rows))
	for _, g := range rows {
		found[g.EventID] = &events.Attendance{Role: g.Role, Answered: g.Status != Invited, Accepted: g.Status == Accepted}
	}
	return found, nil
}
