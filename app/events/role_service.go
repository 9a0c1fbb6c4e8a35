package events

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Assignment is a user's role in an event, to grant or to revoke. The user is named by Email, in its canonical form, or
// else by UserID.
type Assignment struct {
	EventID int64
	UserID  int64
	Email   string
	Role    string
}

// lockUser returns the user of the assignment, locked against deletion until tx ends, or utils.ErrUserNotFound.
func (a Assignment) lockUser(ctx context.Context, tx *gorm.DB) (*users.User, error) {
	if a.Email != "" {
		return users.LockByEmail(ctx, tx, a.Email)
	}
	return users.Find(ctx, users.LockKeys(tx), a.UserID)
}

// find is lockUser for users whom the caller may see. It fails with utils.ErrUserNotFound for all others, in the same
// time whether or not they exist.
func (s *Service) find(ctx context.Context, tx *gorm.DB, caller *users.User, a Assignment) (*users.User, error) {
	user, err := a.lockUser(ctx, tx)
	missing := errors.Is(err, utils.ErrUserNotFound)
	if missing {
		user, err = &users.User{}, nil
	}
	if err != nil {
		return nil, err
	}
	seen, err := s.sees(ctx, tx, caller, a.EventID, user.ID)
	switch {
	case err != nil:
		return nil, err
	case missing || !seen:
		return nil, utils.ErrUserNotFound
	}
	return user, nil
}

// grantee is find for granting a role. By address, it finds every user.
func (s *Service) grantee(ctx context.Context, tx *gorm.DB, caller *users.User, a Assignment) (*users.User, error) {
	if a.Email != "" {
		return a.lockUser(ctx, tx)
	}
	return s.find(ctx, tx, caller, a)
}

// sees reports whether the caller, who may grant roles in the event, may see the user: system administrators see
// everyone, others see users with a role in the event, and its administrators also see its guests.
func (s *Service) sees(ctx context.Context, db *gorm.DB, caller *users.User, eventID, userID int64) (bool, error) {
	if caller.Administers() || caller.ID == userID {
		return true, nil
	}
	held, err := rolesIn(ctx, db, userID, eventID)
	if err != nil || len(held) > 0 {
		return err == nil, err
	}
	switch err := Admin(ctx, db, caller, eventID); {
	case errors.Is(err, utils.ErrForbidden):
		return false, nil
	case err != nil:
		return false, err
	}
	return s.guests.IsGuest(ctx, db, eventID, userID)
}

// isOf reports whether the user of the assignment is the one given.
func (a Assignment) isOf(user *users.User) bool { return a.UserID == user.ID || a.Email == user.Email }

// ListRoles returns the roles in an event with their users, if the caller may grant any there. It fails with
// utils.ErrEventNotFound and utils.ErrForbidden.
func (s *Service) ListRoles(ctx context.Context, caller *users.User, eventID int64) ([]Role, error) {
	return rolesSeenBy(ctx, s.db, caller, eventID)
}

func rolesSeenBy(ctx context.Context, db *gorm.DB, caller *users.User, eventID int64) ([]Role, error) {
	if err := authorise(ctx, db, caller, eventID, lowest); err != nil {
		return nil, err
	}
	return listRoles(ctx, db, eventID)
}

// rolesAfter returns the roles in an event after a change by the caller: none if the caller may no longer list them, as
// after giving up the role that allowed it.
func rolesAfter(ctx context.Context, tx *gorm.DB, caller *users.User, eventID int64) ([]Role, error) {
	roles, err := rolesSeenBy(ctx, tx, caller, eventID)
	if errors.Is(err, utils.ErrForbidden) {
		return nil, nil
	}
	return roles, err
}

// RolesOf implements users.EventRoles.
func (*Service) RolesOf(ctx context.Context, db *gorm.DB, userID int64) ([]users.EventRole, error) {
	return rolesOf(ctx, db, userID)
}

// LockAdministered implements users.EventRoles.
func (s *Service) LockAdministered(ctx context.Context, tx *gorm.DB, userID int64) ([]int64, error) {
	return lockAdministered(ctx, tx, userID)
}

// SolelyAdministered implements users.EventRoles.
func (s *Service) SolelyAdministered(ctx context.Context, tx *gorm.DB, userID int64, locked []int64) ([]string, error) {
	return solelyAdministered(ctx, tx, userID, locked)
}

// Grant grants a user a role in an event, if the caller may, and returns the roles as rolesAfter does. The role is in
// effect while the user's InEffect returns true. Grant fails with utils.ErrEventNotFound, utils.ErrForbidden,
// utils.ErrUserNotFound and utils.ErrEventRoleInUse.
func (s *Service) Grant(
	ctx context.Context, actor audit.Actor, caller *users.User, wanted Assignment,
) (roles []Role, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if _, err := lock(tx, wanted.EventID); err != nil {
			return err
		}
		if err := authorise(ctx, tx, caller, wanted.EventID, wanted.Role); err != nil {
			return err
		}
		user, err := s.grantee(ctx, tx, caller, wanted)
		if err != nil {
			return err
		}
		role := &Role{EventID: wanted.EventID, UserID: user.ID, Role: wanted.Role}
		if err := storeRole(ctx, tx, actor, role); err != nil {
			return err
		}
		roles, err = rolesAfter(ctx, tx, caller, wanted.EventID)
		return err
	})
	return roles, err
}

// Revoke revokes a user's role in an event, if the role is the caller's own and in effect, or one that the caller may
// grant, and returns the roles as rolesAfter does. It locks the event, so that its last two administrators cannot leave
// at the same time. It fails with utils.ErrEventNotFound, utils.ErrForbidden, utils.ErrUserNotFound,
// utils.ErrEventRoleNotFound and utils.ErrLastAdministrator.
func (s *Service) Revoke(
	ctx context.Context, actor audit.Actor, caller *users.User, unwanted Assignment,
) (roles []Role, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		event, err := lock(tx, unwanted.EventID)
		if err != nil {
			return err
		}
		if !unwanted.isOf(caller) || !caller.InEffect() {
			if err := authorise(ctx, tx, caller, unwanted.EventID, unwanted.Role); err != nil {
				return err
			}
		}
		user, err := s.find(ctx, tx, caller, unwanted)
		if err != nil {
			return err
		}
		role := &Role{EventID: event.ID, Event: event, UserID: user.ID, User: user, Role: unwanted.Role}
		if err := revoke(tx, role); err != nil {
			return err
		}
		if err := record(ctx, tx, actor, audit.RoleRemoved, role); err != nil {
			return err
		}
		roles, err = rolesAfter(ctx, tx, caller, event.ID)
		return err
	})
	return roles, err
}

// Admin returns nil if the user is an administrator of the system or of the event. It fails with utils.ErrForbidden and
// utils.ErrEventNotFound.
func Admin(ctx context.Context, db *gorm.DB, user *users.User, eventID int64) error {
	held, err := rolesInEffect(ctx, db, user, eventID)
	if err != nil {
		return err
	}
	if !user.Administers() && !held[Administrator] {
		return fmt.Errorf("%w: not an administrator of the event", utils.ErrForbidden)
	}
	return nil
}

// authorise returns nil if the user may grant the role in the event, else utils.ErrForbidden or
// utils.ErrEventNotFound.
func authorise(ctx context.Context, db *gorm.DB, user *users.User, eventID int64, role string) error {
	held, err := rolesInEffect(ctx, db, user, eventID)
	if err != nil {
		return err
	}
	if !user.Administers() && !mayGrant(held, role) {
		return fmt.Errorf("%w: no role in the event above the requested one", utils.ErrForbidden)
	}
	return nil
}

// rolesInEffect returns the user's roles in the event that are in effect, or utils.ErrEventNotFound.
func rolesInEffect(ctx context.Context, db *gorm.DB, user *users.User, eventID int64) (map[string]bool, error) {
	held, err := rolesIn(ctx, db, user.ID, eventID)
	if err != nil || !user.InEffect() {
		return nil, err
	}
	return held, nil
}

// authoriseAnyGrant returns nil if the user may grant any role in the event, else utils.ErrForbidden or
// utils.ErrEventNotFound.
func (s *Service) authoriseAnyGrant(ctx context.Context, user *users.User, eventID int64) error {
	return authorise(ctx, s.db, user, eventID, lowest)
}

// AdminOfSome returns nil if the user is an administrator of the system or of any event, else utils.ErrForbidden.
func AdminOfSome(ctx context.Context, db *gorm.DB, user *users.User) error {
	return hasRole(ctx, db, user, func(role string) bool { return role == Administrator })
}

// authoriseSomeGrant returns nil if the user may grant any role in any event, else utils.ErrForbidden.
func (s *Service) authoriseSomeGrant(ctx context.Context, user *users.User) error {
	return hasRole(ctx, s.db, user, func(role string) bool { return mayGrant(map[string]bool{role: true}, lowest) })
}

// authoriseSomeRole returns nil if the user has any role in any event, else utils.ErrForbidden.
func (s *Service) authoriseSomeRole(ctx context.Context, user *users.User) error {
	return hasRole(ctx, s.db, user, func(string) bool { return true })
}

// hasRole returns nil if the user is a system administrator, or has a role for which fits returns true, in any event
// and in effect. Otherwise it returns utils.ErrForbidden.
func hasRole(ctx context.Context, db *gorm.DB, user *users.User, fits func(role string) bool) error {
	if user.Administers() {
		return nil
	}
	held, err := rolesOf(ctx, db, user.ID)
	if err != nil {
		return err
	}
	if !user.InEffect() || !slices.ContainsFunc(held, func(r users.EventRole) bool { return fits(r.Role) }) {
		return fmt.Errorf("%w: no sufficient role in any event", utils.ErrForbidden)
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
