package events

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// Document is an event from another system, in the format of POST /api/v1/event.
type Document struct{ eventBody }

// Import stores the event of a valid document in tx, unless one with its key exists, and returns the event and whether
// it was created. The event has no administrator.
func Import(ctx context.Context, tx *gorm.DB, document *Document) (event *Event, created bool, err error) {
	stored := document.event
	err = create(tx.WithContext(ctx), &stored)
	if errors.Is(err, utils.ErrEventKeyInUse) {
		event, err = FindByKey(ctx, tx, document.Key)
		return event, false, err
	}
	return &stored, err == nil, err
}

// LockByKey locks the events with the keys until tx ends. A transaction that also locks users calls it first: the lock
// order is events before users.
func LockByKey(ctx context.Context, tx *gorm.DB, keys []string) error {
	var ids []int64
	query := forNoKeyUpdate(tx.WithContext(ctx)).Model(&Event{}).Where("key IN ?", keys).Order("id")
	if err := query.Pluck("id", &ids).Error; err != nil {
		return fmt.Errorf("lock events: %w", err)
	}
	return nil
}

// Knows reports whether the role exists and so can be granted.
func (s *Service) Knows(role string) bool { return slices.Contains(s.roles, role) }

// ImportRole stores a known role in tx, and reports whether the user did not have it before.
func (s *Service) ImportRole(ctx context.Context, tx *gorm.DB, actor audit.Actor, role Role) (created bool, err error) {
	err = storeRole(ctx, tx, actor, &role)
	if errors.Is(err, utils.ErrEventRoleInUse) {
		return false, nil
	}
	return err == nil, err
}
