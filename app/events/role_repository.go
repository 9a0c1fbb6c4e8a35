package events

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// listRoles returns the roles in the event with what a list shows of their users. Those of deleted users are left
// out.
func listRoles(ctx context.Context, db *gorm.DB, eventID int64) ([]Role, error) {
	var roles []Role
	user := db.Select("id", "email", "firstname", "lastname", "user_title")
	err := db.WithContext(ctx).InnerJoins("User", user).
		Where("event_roles.event_id = ?", eventID).Order("event_roles.id").Find(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("list the roles in an event: %w", err)
	}
	return roles, nil
}

// rolesOf returns every role that the user has in an event; an empty list, not nil, if there is none.
func rolesOf(ctx context.Context, db *gorm.DB, userID int64) ([]users.EventRole, error) {
	roles := []users.EventRole{}
	err := db.WithContext(ctx).Model(&Role{}).Where("user_id = ?", userID).Order("event_id, id").Find(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("find a user's roles: %w", err)
	}
	return roles, nil
}

// rolesIn returns the roles that the user has in the event, or utils.ErrEventNotFound.
func rolesIn(ctx context.Context, db *gorm.DB, userID, eventID int64) (map[string]bool, error) {
	var rows []struct{ Role *string } // one row without a role where the user has none
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

// revoke deletes a role in an event that is locked. It fails with utils.ErrEventRoleNotFound if the user does not
// have it, and with utils.ErrLastAdministrator if nobody else would administer the event.
func revoke(tx *gorm.DB, role *Role) error {
	result := tx.Where("event_id = ? AND user_id = ? AND role = ?", role.EventID, role.UserID, role.Role).Delete(&Role{})
	switch {
	case result.Error != nil:
		return fmt.Errorf("revoke a role: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrEventRoleNotFound
	case role.Role != Administrator:
		return nil
	}
	var left int64
	ofLiving := tx.Model(&Role{}).InnerJoins("User") // the join leaves out deleted users
	err := ofLiving.Where("event_id = ? AND role = ?", role.EventID, role.Role).Count(&left).Error
	switch {
	case err != nil:
		return fmt.Errorf("count the administrators of an event: %w", err)
	case left == 0:
		return utils.ErrLastAdministrator // which takes the deletion back
	}
	return nil
}
