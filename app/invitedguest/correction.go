package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/users"
)

// correct makes a valid correction to the account of a guest of the locked event, and returns the names that the
// changed fields have in requests. It fails as users.Correct does.
func correct(ctx context.Context, tx *gorm.DB, eventID, userID int64, c users.Correction) (changed []string, err error) {
	_, changed, err = users.Correct(ctx, tx, eventID, userID, c, func(ctx context.Context, tx *gorm.DB, userID int64) (bool, error) {
		return usedElsewhere(ctx, tx, eventID, userID)
	})
	return changed, err
}

// usedElsewhere reports whether the user has a role in any event, or is a guest of another.
func usedElsewhere(ctx context.Context, tx *gorm.DB, eventID, userID int64) (bool, error) {
	if held, err := (events.Belongings{}).HasBelongings(ctx, tx, userID); err != nil || held {
		return held, err
	}
	var others int64
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).Where("user_id = ? AND event_id <> ?", userID, eventID).Count(&others).Error
	if err != nil {
		return false, fmt.Errorf("find whether a user is a guest of others: %w", err)
	}
	return others > 0, nil
}
