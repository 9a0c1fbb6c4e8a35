package events

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// living is a join that leaves out the roles of those whose account is deleted.
const living = "JOIN users ON users.id = event_roles.user_id AND users.deleted_at IS NULL"

// listRoles returns who may do what in the event.
func listRoles(ctx context.Context, db *gorm.DB, eventID int64) ([]held, error) {
	var rows []struct {
		ID, EventID, UserID                   int64
		Role                                  string
		Email, Firstname, Lastname, UserTitle string
	}
	err := db.WithContext(ctx).Model(&Role{}).Joins(living).
		Select("event_roles.id, event_roles.event_id, event_roles.role, event_roles.user_id, "+
			"users.email, users.firstname, users.lastname, users.user_title").
		Where("event_roles.event_id = ?", eventID).Order("event_roles.id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list the roles in an event: %w", err)
	}
	result := make([]held, len(rows))
	for i, row := range rows {
		result[i] = held{row.ID, row.EventID, row.Role, holder{row.UserID, row.Email, row.Firstname, row.Lastname, row.UserTitle}}
	}
	return result, nil
}

// RolesOf implements users.EventRoles.
func (a *API) RolesOf(ctx context.Context, userID int64) ([]users.EventRole, error) {
	roles := []users.EventRole{}
	err := a.db.WithContext(ctx).Model(&Role{}).Where("user_id = ?", userID).Order("event_id, id").Find(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("find a user's roles: %w", err)
	}
	return roles, nil
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

// revoke deletes a role in an event that is locked. It fails with utils.ErrEventRoleNotFound if the user does not have
// it, and with utils.ErrLastAdministrator if nobody else would administer the event.
func revoke(tx *gorm.DB, eventID, userID int64, role string) error {
	result := tx.Where("event_id = ? AND user_id = ? AND role = ?", eventID, userID, role).Delete(&Role{})
	switch {
	case result.Error != nil:
		return fmt.Errorf("revoke a role: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrEventRoleNotFound
	case role != Administrator:
		return nil
	}
	var left int64
	err := tx.Model(&Role{}).Joins(living).Where("event_id = ? AND role = ?", eventID, role).Count(&left).Error
	switch {
	case err != nil:
		return fmt.Errorf("count the administrators of an event: %w", err)
	case left == 0:
		return utils.ErrLastAdministrator // which takes the deletion back
	}
	return nil
}
