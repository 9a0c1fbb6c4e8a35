package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/users"
)

// Belongings implements users.Belongings: invitations belong to an address.
type Belongings struct{}

// HasBelongings implements users.Belongings.
func (Belongings) HasBelongings(ctx context.Context, tx *gorm.DB, userID int64) (bool, error) {
	var count int64
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("user_id = ?", userID).Count(&count).Error
	if err != nil {
		return false, fmt.Errorf("find whether a user is a guest: %w", err)
	}
	return count > 0, nil
}

// MoveBelongings implements users.Belongings. The invitations keep their answers, tags, reminders and links.
func (Belongings) MoveBelongings(ctx context.Context, tx *gorm.DB, from, to int64) error {
	own := tx.Table("invited_guests AS own").Select("1").
		Where("own.user_id = ? AND own.event_id = invited_guests.event_id", to)
	key := func(column string) *gorm.DB { return tx.Model(&users.User{}).Select(column).Where("id = ?", to) }
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("user_id = ? AND NOT EXISTS (?)", from, own).
		UpdateColumns(map[string]any{"user_id": to, "search_key": key("search_key"), "lastname_key": key("lastname_key")}).
		Error
	if err != nil {
		return fmt.Errorf("move invitations: %w", err)
	}
	return nil
}
