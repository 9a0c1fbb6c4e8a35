package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// Register stores a new user, the valid person with a password that meets the rules, and returns a session. It fails
// with utils.ErrEmailInUse.
func (s *Service) Register(ctx context.Context, actor audit.Actor, person Person, password string) (Session, error) {
	now := s.db.NowFunc()
	user := person.user(now)
	user.LastLogin = &now
	if err := user.SetPassword(ctx, s.passwords, password); err != nil {
		return Session{}, err
	}
	err := create(ctx, s.db, &user, func(tx *gorm.DB, user *User) error {
		return errors.Join(
			audit.Record(ctx, tx, actor.As(user.ID).Event(audit.Registered, user.ID)),
			s.logins.Know(tx, user.Email, actor.Client),
			s.requestMail(ctx, tx, verifyEmailMail, user.Email),
		)
	})
	if err != nil {
		return Session{}, err
	}
	s.outbox.Wake()
	return s.session(ctx, &user)
}

// AgreeToPolicy notes that the user agrees to the privacy policy now.
func (s *Service) AgreeToPolicy(ctx context.Context, userID int64) error {
	return notePolicy(ctx, s.db, userID, s.db.NowFunc())
}

// Change is what users change of their own account. A nil field, an empty Password and an empty Language leave the
// value as it is.
type Change struct {
	Email     *string
	Password  string
	Firstname *string
	Lastname  *string
	UserTitle *string
	Language  string
}

// apply makes the change to user and reports whether the address changed. hash is that of the new password, if there is
// one. A new address has to be verified again; a new address or password ends the tokens.
func (c *Change) apply(user *User, hash string) (moved bool) {
	for field, value := range map[*string]*string{
		&user.Firstname: c.Firstname, &user.Lastname: c.Lastname, &user.UserTitle: c.UserTitle,
	} {
		if value != nil {
			*field = *value
		}
	}
	if c.Language != "" {
		user.PrimaryLanguage = c.Language
	}
	moved = c.Email != nil && *c.Email != user.Email
	if moved {
		user.Email, user.VerifiedAt = *c.Email, nil
	}
	if hash != "" {
		user.PasswordHash = hash
	}
	if moved || hash != "" {
		user.TokenGeneration++
	}
	return moved
}

// Update makes a valid change to the account of current, the signed-in user, and returns a new session. A new address
// or password ends all other tokens. It fails with utils.ErrEmailInUse, and with utils.ErrNotAuthenticated if the
// account or its tokens have ended since current was read.
func (s *Service) Update(ctx context.Context, actor audit.Actor, current *User, change Change) (Session, error) {
	var secret User // hashed before the row is locked, since that takes long
	if change.Password != "" {
		if err := secret.SetPassword(ctx, s.passwords, change.Password); err != nil {
			return Session{}, err
		}
	}
	user, err := s.update(ctx, actor, current, change, secret.PasswordHash)
	if err != nil {
		return Session{}, err
	}
	s.outbox.Wake()
	return s.session(ctx, user)
}

// update applies the change to the locked row, not to current: of two changes at once, neither is lost.
func (s *Service) update(
	ctx context.Context, actor audit.Actor, current *User, change Change, hash string,
) (*User, error) {
	var user *User
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if user, err = lock(tx, current.ID, current.TokenGeneration); err != nil {
			return err
		}
		moved := change.apply(user, hash)
		if err := save(tx, user); err != nil {
			return err
		}
		if moved {
			err = errors.Join(
				s.requestMail(ctx, tx, verifyEmailMail, user.Email),
				audit.Record(ctx, tx, actor.Event(audit.EmailChanged, user.ID)),
			)
		}
		if hash != "" {
			err = errors.Join(err,
				voidCode(ctx, tx, user.ID, resetPassword),
				audit.Record(ctx, tx, actor.Event(audit.PasswordChanged, user.ID)),
			)
		}
		return err
	})
	if errors.Is(err, errNoUser) {
		return nil, fmt.Errorf("%w: %w, or all tokens were ended", utils.ErrNotAuthenticated, err)
	}
	if err := emailError(ctx, s.db, user, err); err != nil {
		return nil, fmt.Errorf("update a user: %w", err)
	}
	return user, nil
}
