package events

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// listRoles returns the roles in the event, with the listed columns of their users, and without those of deleted users.
func listRoles(ctx context.Context, db *gorm.DB, eventID int64) ([]Role, error) {
	var roles []Role
	user := db.Select("id", "email", "firstname", "lastname", "user_title", "verified_at")
	err := db.WithContext(ctx).InnerJoins("User", user).
		Where("event_roles.event_id = ?", eventID).Order("event_roles.id").Find(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("list the roles in an event: %w", err)
	}
	return roles, nil
}

// rolesOf returns the user's roles in all events, in effect or not. It never returns a nil list.
func rolesOf(ctx context.Context, db *gorm.DB, userID int64) ([]users.EventRole, error) {
	roles := []users.EventRole{}
	err := db.WithContext(ctx).Model(&Role{}).Where("user_id = ?", userID).Order("event_id, id").Find(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("find a user's roles: %w", err)
	}
	return roles, nil
}

// rolesIn returns the user's roles in the event, in effect or not, or utils.ErrEventNotFound.
func rolesIn(ctx context.Context, db *gorm.DB, userID, eventID int64) (map[string]bool, error) {
	var rows []struct{ Role *string } // one row with a nil Role if the user has none
	err := db.WithContext(ctx).Model(&Event{}).Select("event_roles.role").
		Joins("LEFT JOIN event_roles ON event_roles.event_id = events.id AND event_roles.user_id = ?", userID).
		Where("events.id = ?", eventID).Find(&rows).Error
	switch {
	case err != nil:
		return nil, fmt.Errorf("find a user's roles in an event: %w", err)
	case len(rows) == 0:
		return nil, utils.ErrEventNotFound
	}
	held := map[string]bool{}
	for _, row := range rows {
		if row.Role != nil {
			held[*row.Role] = true
		}
	}
	return held, nil
}

// grant stores a role and sets the ID, or fails with utils.ErrEventRoleInUse.
func grant(tx *gorm.DB, role *Role) error {
	result := tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "event_id"}, {Name: "user_id"}, {Name: "role"}}, DoNothing: true,
	}).Create(role)
	switch {
	case result.Error != nil:
		return fmt.Errorf("grant a role: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrEventRoleInUse
	}
	return nil
}

// revoke deletes a user's role in a locked event; role.User and role.Event must be set. It fails with
// utils.ErrEventRoleNotFound if the user does not have the role, and with utils.ErrLastAdministrator if it is in effect
// and the event would have no administrator.
func revoke(tx *gorm.DB, role *Role) error {
	result := tx.Where("event_id = ? AND user_id = ? AND role = ?", role.EventID, role.UserID, role.Role).Delete(&Role{})
	switch {
	case result.Error != nil:
		return fmt.Errorf("revoke a role: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrEventRoleNotFound
	case role.Role != Administrator || !role.User.InEffect():
		return nil
	}
	var left int64
	if err := administrators(tx).Where("event_id = ?", role.EventID).Count(&left).Error; err != nil {
		return fmt.Errorf("count the administrators of an event: %w", err)
	}
	if left == 0 {
		return utils.LastAdministrator([]string{role.Event.Key}) // rolls the deletion back
	}
	return nil
}

// administrators returns a query for the roles of events' administrators in effect.
func administrators(tx *gorm.DB) *gorm.DB {
	query := tx.Model(&Role{}).InnerJoins("User").Where("role = ?", Administrator) // the join excludes deleted users
	return users.InEffect(query, "User")
}

// administered returns a query for the events that the user administers, ordered by id.
func administered(tx *gorm.DB, userID int64) *gorm.DB {
	own := tx.Model(&Role{}).Select("event_id").Where("user_id = ? AND role = ?", userID, Administrator)
	return tx.Model(&Event{}).Where("id IN (?)", own).Order("id")
}

// administeredAmong returns those of the ids whose events the user administers.
func administeredAmong(ctx context.Context, db *gorm.DB, userID int64, ids []int64) (found []int64, err error) {
	query := db.WithContext(ctx).Model(&Role{}).Where("user_id = ? AND role = ?", userID, Administrator)
	if err := query.Where("event_id IN ?", ids).Pluck("event_id", &found).Error; err != nil {
		return nil, fmt.Errorf("find the events of an administrator: %w", err)
	}
	return found, nil
}

// lockAdministered locks the events that the user administers and returns their ids.
func lockAdministered(ctx context.Context, tx *gorm.DB, userID int64) (ids []int64, err error) {
	if err := forNoKeyUpdate(administered(tx.WithContext(ctx), userID)).Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("lock the events of an administrator: %w", err)
	}
	return ids, nil
}

// solelyAdministered returns the keys of the locked events whose only administrator in effect is the user. It fails
// with users.ErrRoleGranted if the user administers an event that is not locked.
func solelyAdministered(ctx context.Context, tx *gorm.DB, userID int64, locked []int64) (keys []string, err error) {
	tx = tx.WithContext(ctx)
	var all []int64
	if err := administered(tx, userID).Pluck("id", &all).Error; err != nil {
		return nil, fmt.Errorf("find the events of an administrator: %w", err)
	}
	if slices.ContainsFunc(all, func(id int64) bool { return !slices.Contains(locked, id) }) {
		return nil, users.ErrRoleGranted
	}
	others := administrators(tx).Select("1").Where("event_id = events.id AND user_id <> ?", userID)
	if err := administered(tx, userID).Where("NOT EXISTS (?)", others).Pluck("key", &keys).Error; err != nil {
		return nil, fmt.Errorf("find the events of a sole administrator: %w", err)
	}
	return keys, nil
}
