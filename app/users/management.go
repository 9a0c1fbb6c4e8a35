package users

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Get returns the user with the id, or utils.ErrUserNotFound.
func (s *Service) Get(ctx context.Context, id int64) (*User, error) { return Find(ctx, s.db, id) }

// named returns the user with an id or address from an operator. It fails as byAddress does.
func (s *Service) named(ctx context.Context, name string) (*User, error) {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return Find(ctx, s.db, id)
	}
	return s.byAddress(ctx, name)
}

func isID(name string) bool {
	_, err := strconv.ParseInt(name, 10, 64)
	return err == nil
}

// byAddress returns the user with the address, which need not be canonical. It fails with text.ErrInvalidEmail and
// utils.ErrUserNotFound.
func (s *Service) byAddress(ctx context.Context, email string) (*User, error) {
	email, err := text.CanonicalEmail(email)
	if err != nil {
		return nil, err
	}
	return FindByEmail(ctx, s.db, email)
}

// Verify marks the user's address as verified, since the actor vouches for it, and ends the code that was mailed there.
// It returns the updated user and whether anything changed. It fails with utils.ErrUserNotFound.
func (s *Service) Verify(ctx context.Context, actor audit.Actor, id int64) (user *User, changed bool, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if user, err = Find(ctx, forNoKeyUpdate(tx), id); err != nil || user.VerifiedAt != nil {
			return err
		}
		now := tx.NowFunc()
		user.VerifiedAt, changed = &now, true
		return errors.Join(
			markVerified(ctx, tx, id, user.Email),
			voidCodes(ctx, tx, id, verifyEmail),
			audit.Record(ctx, tx, actor.Event(audit.EmailVerified, id)),
		)
	})
	return user, changed && err == nil, err
}

// Block keeps the user out until Unblock: it ends all tokens, mailed codes (see endCodes) and a pending change of
// address, and no new ones are issued. Invitations stay: answering them needs no account. It returns the updated user
// and whether anything changed. It fails with utils.ErrUserNotFound, with utils.ErrOwnAccount for the actor's own
// account, and with utils.ErrLastAdministrator if the system or an event would be left without an administrator.
func (s *Service) Block(ctx context.Context, actor audit.Actor, id int64) (user *User, changed bool, err error) {
	if id == actor.UserID {
		return nil, false, utils.ErrOwnAccount
	}
	if user, err = Find(ctx, s.db, id); err != nil || user.BlockedAt != nil {
		return user, false, err
	}
	err = s.unlessLastAdmin(ctx, id, func(tx *gorm.DB, _ *User) error {
		if changed, err = block(ctx, tx, id); err != nil {
			return err
		}
		if changed {
			err = errors.Join(endCodes(ctx, tx, id), audit.Record(ctx, tx, actor.Event(audit.Blocked, id)))
		}
		if err == nil {
			user, err = Find(ctx, tx, id)
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return user, changed, nil
}

// Unblock lets a blocked user sign in again; tokens and codes that Block ended stay ended. It returns the updated user
// and whether anything changed. It fails with utils.ErrUserNotFound.
func (s *Service) Unblock(ctx context.Context, actor audit.Actor, id int64) (user *User, changed bool, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if user, err = Find(ctx, forNoKeyUpdate(tx), id); err != nil || user.BlockedAt == nil {
			return err
		}
		user.BlockedAt, changed = nil, true
		return errors.Join(unblock(ctx, tx, id), audit.Record(ctx, tx, actor.Event(audit.Unblocked, id)))
	})
	return user, changed && err == nil, err
}

// block marks the user as blocked and ends the tokens and a pending change of address. It reports whether the user was
// not blocked before.
func block(ctx context.Context, tx *gorm.DB, id int64) (changed bool, err error) {
	done := tx.WithContext(ctx).Model(&User{}).Where("id = ? AND blocked_at IS NULL", id).
		Updates(map[string]any{"blocked_at": tx.NowFunc(), "token_generation": nextGeneration, "pending_email": ""})
	if done.Error != nil {
		return false, fmt.Errorf("block a user: %w", done.Error)
	}
	return done.RowsAffected > 0, nil
}

func unblock(ctx context.Context, tx *gorm.DB, id int64) error {
	if err := tx.WithContext(ctx).Model(&User{}).Where("id = ?", id).Update("blocked_at", nil).Error; err != nil {
		return fmt.Errorf("unblock a user: %w", err)
	}
	return nil
}
