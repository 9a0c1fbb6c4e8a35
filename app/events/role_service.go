package events

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Assignment is a role that a user is to have in an event, or to lose. The user is named by Email, in its canonical
// form, or else by UserID.
type Assignment struct {
	EventID int64
	UserID  int64
	Email   string
	Role    string
}

// user returns the user of the assignment, or utils.ErrUserNotFound.
func (a Assignment) user(ctx context.Context, db *gorm.DB) (*users.User, error) {
	if a.Email != "" {
		return users.FindByEmail(ctx, db, a.Email)
	}
	return users.Find(ctx, db, a.UserID)
}

// isOf reports whether the user of the assignment is the one given.
func (a Assignment) isOf(user *users.User) bool { return a.UserID == user.ID || a.Email == user.Email }

// ListRoles returns the roles in an event with their users, if the caller may grant any there. It fails with
// utils.ErrEventNotFound and utils.ErrForbidden.
func (s *Service) ListRoles(ctx context.Context, caller *users.User, eventID int64) ([]Role, error) {
	if err := authorise(ctx, s.db, caller, eventID, lowest); err != nil {
		return nil, err
	}
	return listRoles(ctx, s.db, eventID)
}

// RolesOf implements users.EventRoles.
func (s *Service) RolesOf(ctx context.Context, userID int64) ([]users.EventRole, error) {
	return rolesOf(ctx, s.db, userID)
}

// LockAdministered implements users.EventRoles.
func (s *Service) LockAdministered(ctx context.Context, tx *gorm.DB, userID int64) ([]int64, error) {
	return lockAdministered(ctx, tx, userID)
}

// SolelyAdministered implements users.EventRoles.
func (s *Service) SolelyAdministered(ctx context.Context, tx *gorm.DB, userID int64, locked []int64) ([]string, error) {
	return solelyAdministered(ctx, tx, userID, locked)
}

// Grant gives a user a role in an event and returns it with the user, if the caller may grant it. It fails with
// utils.ErrEventNotFound, utils.ErrForbidden, utils.ErrUserNotFound and utils.ErrEventRoleInUse.
func (s *Service) Grant(ctx context.Context, actor audit.Actor, caller *users.User, wanted Assignment) (*Role, error) {
	var role *Role
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if _, err := lock(tx, wanted.EventID); err != nil {
			return err
		}
		if err := authorise(ctx, tx, caller, wanted.EventID, wanted.Role); err != nil {
			return err
		}
		user, err := wanted.user(ctx, users.LockKeys(tx))
		if err != nil {
			return err
		}
		role = &Role{EventID: wanted.EventID, UserID: user.ID, Role: wanted.Role}
		if err := storeRole(ctx, tx, actor, role); err != nil {
			return err
		}
		role.User = user
		return nil
	})
	if err != nil {
		return nil, err
	}
	return role, nil
}

// Revoke takes a role in an event away from a user, if it is the caller's own or one that the caller may grant. The
// event is locked meanwhile, so that of its last two administrators who leave at the same time, one stays. It fails
// with utils.ErrEventNotFound, utils.ErrForbidden, utils.ErrUserNotFound, utils.ErrEventRoleNotFound and
// utils.ErrLastAdministrator.
func (s *Service) Revoke(ctx context.Context, actor audit.Actor, caller *users.User, unwanted Assignment) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		event, err := lock(tx, unwanted.EventID)
		if err != nil {
			return err
		}
		if !unwanted.isOf(caller) {
			if err := authorise(ctx, tx, caller, unwanted.EventID, unwanted.Role); err != nil {
				return err
			}
		}
		user, err := unwanted.user(ctx, tx)
		if err != nil {
			return err
		}
		role := &Role{EventID: event.ID, Event: event, UserID: user.ID, Role: unwanted.Role}
		if err := revoke(tx, role); err != nil {
			return err
		}
		return record(ctx, tx, actor, audit.RoleRemoved, role)
	})
}

// Admin returns nil for the administrators of the system and of the event, else utils.ErrForbidden; or
// utils.ErrEventNotFound if there is no such event.
func Admin(ctx context.Context, db *gorm.DB, user *users.User, eventID int64) error {
	held, err := rolesIn(ctx, db, user.ID, eventID)
	if err != nil {
		return err
	}
	if !user.IsAdmin && !held[Administrator] {
		return fmt.Errorf("%w: not an administrator of the event", utils.ErrForbidden)
	}
	return nil
}

// authorise returns nil if the user may grant the role in the event, else utils.ErrForbidden or
// utils.ErrEventNotFound.
func authorise(ctx context.Context, db *gorm.DB, user *users.User, eventID int64, role string) error {
	held, err := rolesIn(ctx, db, user.ID, eventID)
	if err != nil {
		return err
	}
	if !user.IsAdmin && !mayGrant(held, role) {
		return fmt.Errorf("%w: no role in the event above the one in question", utils.ErrForbidden)
	}
	return nil
}

// storeRole stores a role and its audit event. It fails with utils.ErrEventRoleInUse.
func storeRole(ctx context.Context, tx *gorm.DB, actor audit.Actor, role *Role) error {
	if err := grant(tx, role); err != nil {
		return err
	}
	return record(ctx, tx, actor, audit.RoleGranted, role)
}

func record(ctx context.Context, tx *gorm.DB, actor audit.Actor, kind audit.Kind, role *Role) error {
	detail := map[string]any{"event_id": role.EventID, "role": role.Role}
	return audit.Record(ctx, tx, actor.Event(kind, role.UserID).With(detail))
}
