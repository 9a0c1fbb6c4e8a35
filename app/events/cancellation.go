package events

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
)

// Lock returns the event with the id, locked until tx ends, or utils.ErrEventNotFound.
func Lock(ctx context.Context, tx *gorm.DB, id int64) (*Event, error) {
	return lock(tx.WithContext(ctx), id)
}

// Cancel marks a locked event as cancelled, in tx. A cancellation is final.
func Cancel(ctx context.Context, tx *gorm.DB, actor audit.Actor, event *Event) error {
	now := tx.NowFunc()
	event.CancelledAt, event.UpdatedAt = &now, now
	err := tx.WithContext(ctx).Model(event).Select("cancelled_at", "updated_at").Updates(event).Error
	if err != nil {
		return fmt.Errorf("cancel an event: %w", err)
	}
	return recordEvent(ctx, tx, actor, audit.EventCancelled, event.ID)
}
