package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// CreateAdmin stores a new system administrator and returns them. It fails with FieldErrors for an address or a
// password that registration would reject, and with utils.ErrEmailInUse.
func (s *Service) CreateAdmin(ctx context.Context, actor audit.Actor, email, password string) (*User, error) {
	person := Person{Email: email}
	wrong := person.Validate()
	wrong.Add("password", s.rules.check(password, person.Email))
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	now := s.db.NowFunc()
	user := person.user(now)
	user.IsAdmin, user.VerifiedAt = true, &now // the operator vouches for the address
	if err := user.SetPassword(ctx, s.passwords, limits.Network(actor.Client), password); err != nil {
		return nil, fmt.Errorf("create an administrator: %w", err)
	}
	err := create(ctx, s.db, &user, func(tx *gorm.DB, user *User) error {
		return audit.Record(ctx, tx, actor.Event(audit.AdminCreated, user.ID))
	})
	if err != nil {
		return nil, err
	}
	return &user, nil
}

// SetAdmin grants or revokes the administrator role of the user with the address, and returns the updated user and
// whether the role changed. The change takes effect immediately, for existing tokens too, or as soon as the address is
// verified. SetAdmin fails with text.ErrInvalidEmail, utils.ErrUserNotFound and utils.ErrLastAdministrator.
func (s *Service) SetAdmin(
	ctx context.Context, actor audit.Actor, email string, admin bool,
) (user *User, changed bool, err error) {
	email, err = text.CanonicalEmail(email)
	if err != nil {
		return nil, false, err
	}
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		admins, err := lockAdmins(tx, 0) // all of them, so that the second of two concurrent revocations sees the first
		if err != nil {
			return err
		}
		if user, err = FindByEmail(ctx, forNoKeyUpdate(tx), email); err != nil || user.IsAdmin == admin {
			return err
		}
		if slices.Equal(admins, []int64{user.ID}) {
			return utils.ErrLastAdministrator
		}
		user.IsAdmin, changed = admin, true
		kind := audit.AdminRevoked
		if admin {
			kind = audit.AdminGranted
		}
		return errors.Join(storeAdmin(tx, user.ID, admin), audit.Record(ctx, tx, actor.Event(kind, user.ID)))
	})
	return user, changed && err == nil, err
}

// IDOf returns the id of the user that an operator names by id or email address, deleted or not. If several accounts
// have had the address, it returns the one that has it now, or else the newest.
func IDOf(ctx context.Context, db *gorm.DB, user string) (int64, error) {
	if id, err := strconv.ParseInt(user, 10, 64); err == nil {
		return id, nil
	}
	email, err := text.CanonicalEmail(user)
	if err != nil {
		return 0, fmt.Errorf("%q is neither an id nor an email address", user)
	}
	var found User
	err = db.WithContext(ctx).Unscoped().Where("email = ?", email).Order(currentFirst).Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return 0, fmt.Errorf("no account has the address %s", email)
	}
	return found.ID, err
}
