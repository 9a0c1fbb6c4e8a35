package events

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// Belongings implements users.Belongings for roles in events, which are granted to an address.
type Belongings struct{}

// HasBelongings implements users.Belongings.
func (Belongings) HasBelongings(ctx context.Context, tx *gorm.DB, userID int64) (bool, error) {
	held, err := rolesOf(ctx, tx, userID)
	return len(held) > 0, err
}

// HoldersAmong returns which of the users have a role in any event. The ids must differ.
func HoldersAmong(ctx context.Context, db *gorm.DB, userIDs []int64) (map[int64]bool, error) {
	var ids []int64
	const column = "event_roles.user_id"
	err := database.WhereIn(db.WithContext(ctx).Model(&Role{}), column, userIDs).Pluck(column, &ids).Error
	if err != nil {
		return nil, fmt.Errorf("find users with roles: %w", err)
	}
	holders := make(map[int64]bool, len(ids))
	for _, id := range ids {
		holders[id] = true
	}
	return holders, nil
}

// MoveBelongings implements users.Belongings.
func (Belongings) MoveBelongings(ctx context.Context, tx *gorm.DB, from, to int64) error {
	own := tx.Table("event_roles AS own").Select("1").
		Where("own.user_id = ? AND own.event_id = event_roles.event_id AND own.role = event_roles.role", to)
	err := tx.WithContext(ctx).Model(&Role{}).Where("user_id = ? AND NOT EXISTS (?)", from, own).
		UpdateColumn("user_id", to).Error
	if err != nil {
		return fmt.Errorf("move roles in events: %w", err)
	}
	return nil
}
