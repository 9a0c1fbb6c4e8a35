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

// Document is an event that comes from elsewhere: what POST /api/v1/event takes.
type Document struct{ eventBody }

// Import stores the event of a valid document in the transaction tx, unless there is one with its key, and returns it
// and whether it was stored. It gets no administrator.
func Import(ctx context.Context, tx *gorm.DB, document *Document) (event *Event, created bool, err error) {
	stored := document.event
	err = create(tx.WithContext(ctx), &stored)
	if errors.Is(err, utils.ErrEventKeyInUse) {
		event, err = FindByKey(ctx, tx, document.Key)
		return event, false, err
	}
	return &stored, err == nil, err
}

// LockByKey locks the events that have one of the keys until tx ends. A transaction that goes on to lock users does so
// first: every transaction locks events before users.
func LockByKey(ctx context.Context, tx *gorm.DB, keys []string) error {
	var ids []int64
	query := forUpdate(tx.WithContext(ctx)).Model(&Event{}).Where("key IN ?", keys).Order("id")
	if err := query.Pluck("id", &ids).Error; err != nil {
		return fmt.Errorf("lock events: %w", err)
	}
	return nil
}

// Knows reports whether the role can be granted.
func (s *Service) Knows(role string) bool { return slices.Contains(s.roles, role) }

// ImportRole stores a role that is known, in the transaction tx, and reports whether the user did not have it.
func (s *Service) ImportRole(ctx context.Context, tx *gorm.DB, actor audit.Actor, role Role) (created bool, err error) {
	err = storeRole(ctx, tx, actor, &role)
	if errors.Is(err, utils.ErrEventRoleInUse) {
		return false, nil
	}
	return err == nil, err
}
