package events

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// byID returns the role with the id in the event, if it is the caller's own or one that the caller may grant. It fails
// with utils.ErrEventNotFound, utils.ErrForbidden and, only for callers who may grant any role there,
// utils.ErrEventRoleNotFound.
func (s *Service) byID(ctx context.Context, caller *users.User, eventID, id int64) (Assignment, error) {
	var role Role
	err := s.db.WithContext(ctx).Where("id = ? AND event_id = ?", id, eventID).Take(&role).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		if err := s.authoriseAnyGrant(ctx, caller, eventID); err != nil {
			return Assignment{}, err
		}
		return Assignment{}, utils.ErrEventRoleNotFound
	case err != nil:
		return Assignment{}, fmt.Errorf("find a role by its id: %w", err)
	}
	if role.UserID != caller.ID {
		if err := authorise(ctx, s.db, caller, eventID, role.Role); err != nil {
			return Assignment{}, err
		}
	}
	return Assignment{EventID: eventID, UserID: role.UserID, Role: role.Role}, nil
}
