package users

import (
	"context"

	"gorm.io/gorm"
)

// EventRoles looks up users' roles in events. The feature that stores the roles implements it.
type EventRoles interface {
	// RolesOf returns the user's roles in all events; an empty list, not nil, if there are none.
	RolesOf(ctx context.Context, db *gorm.DB, userID int64) ([]EventRole, error)
	// LockAdministered returns the ids of the events that the user administers, and locks their administrators until tx
	// ends.
	LockAdministered(ctx context.Context, tx *gorm.DB, userID int64) ([]int64, error)
	// SolelyAdministered returns the keys of the locked events that would have no administrator without the user, who
	// is locked too. It fails with ErrRoleGranted if the user administers an event that is not locked.
	SolelyAdministered(ctx context.Context, tx *gorm.DB, userID int64, locked []int64) ([]string, error)
}

// noEventRoles is the EventRoles of a program without events.
type noEventRoles struct{}

// RolesOf implements EventRoles.
func (noEventRoles) RolesOf(context.Context, *gorm.DB, int64) ([]EventRole, error) {
	return []EventRole{}, nil
}

// LockAdministered implements EventRoles.
func (noEventRoles) LockAdministered(context.Context, *gorm.DB, int64) ([]int64, error) {
	return nil, nil
}

// SolelyAdministered implements EventRoles.
func (noEventRoles) SolelyAdministered(context.Context, *gorm.DB, int64, []int64) ([]string, error) {
	return nil, nil
}
