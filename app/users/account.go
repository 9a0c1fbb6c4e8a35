package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/utils"
)

// Register stores a new user, the valid person with a password that meets the rules, and returns a session. It fails
// with utils.ErrEmailInUse.
func (s *Service) Register(ctx context.Context, actor audit.Actor, person Person, password string) (Session, error) {
	now := s.db.NowFunc()
	user := person.user(now)
	user.LastLogin = &now
	if err := user.SetPassword(ctx, s.passwords, limits.Network(actor.Client), password); err != nil {
		return Session{}, err
	}
	err := create(ctx, s.db, &user, func(tx *gorm.DB, user *User) error {
		return errors.Join(
			audit.Record(ctx, tx, actor.As(user.ID).Event(audit.Registered, user.ID)),
			s.logins.MarkKnown(tx, user.Email, actor.Client),
			s.requestMail(ctx, tx, verifyEmailMail, user.Email),
		)
	})
	if err != nil {
		return Session{}, err
	}
	s.outbox.Wake()
	return s.session(ctx, s.db, &user)
}

// AgreeToPolicy records that the user agrees to the privacy policy now.
func (s *Service) AgreeToPolicy(ctx context.Context, userID int64) error {
	return notePolicy(ctx, s.db, userID, s.db.NowFunc())
}

// Change is a user's change to their own account. A nil field, an empty Password and an empty Language leave the value
// unchanged.
type Change struct {
	Email           *string
	Password        string
	CurrentPassword string // required with Password
	Firstname       *string
	Lastname        *string
	UserTitle       *string
	Language        string
}

// apply makes the change to user, except to the address, which has to be verified first. hash is the new password's, or
// empty; a new password ends the tokens.
func (c *Change) apply(user *User, hash string) {
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
	if hash != "" {
		user.PasswordHash = hash
		user.PendingEmail = "" // an intruder, whose tokens end now, may have asked for it
		user.TokenGeneration++
	}
}

// changesEmail reports whether the change asks for an address that differs from the user's.
func (c *Change) changesEmail(user *User) bool { return c.Email != nil && *c.Email != user.Email }

// Update makes a valid change to the account of current, the signed-in user, and returns a new session. A new password
// ends all other tokens. A new address takes effect when the link that is mailed there is opened. Update fails with
// utils.ErrEmailInUse, and with utils.ErrNotAuthenticated if the account or its tokens have ended since current was
// read. If the current password is wrong, it fails as Authenticate does.
func (s *Service) Update(ctx context.Context, actor audit.Actor, current *User, change Change) (Session, error) {
	var secret User // hashing is slow: it comes before the lock on the row
	if change.Password != "" {
		if err := s.checkCurrent(ctx, actor, current, change.CurrentPassword); err != nil {
			return Session{}, err
		}
		if err := secret.SetPassword(ctx, s.passwords, limits.Network(actor.Client), change.Password); err != nil {
			return Session{}, err
		}
	}
	session, err := s.update(ctx, actor, current, change, secret.PasswordHash)
	if err != nil {
		return Session{}, err
	}
	s.outbox.Wake()
	return session, nil
}

// checkCurrent fails with utils.ErrInvalidCredentials unless password is the signed-in user's. It counts as a sign-in
// attempt, so that a stolen token does not help to guess the password.
func (s *Service) checkCurrent(ctx context.Context, actor audit.Actor, current *User, password string) error {
	attempt, err := s.logins.Begin(ctx, current.Email, actor.Client)
	if err != nil {
		return err
	}
	defer attempt.Release()
	user, err := Find(ctx, s.db, current.ID) // current has no hash
	if err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	ok, _, err := user.CheckPassword(ctx, attempt.Place, password)
	if err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	if !ok {
		return s.refuse(ctx, actor, user, attempt)
	}
	if err := s.db.WithContext(ctx).Transaction(attempt.Succeeded); err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	return nil
}

// update applies the change to the locked row, not to current, so that concurrent changes are not lost.
func (s *Service) update(
	ctx context.Context, actor audit.Actor, current *User, change Change, hash string,
) (session Session, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		user, err := lockByGeneration(tx, current.ID, current.TokenGeneration)
		if err != nil {
			return err
		}
		change.apply(user, hash)
		if change.changesEmail(user) {
			err = s.requestChange(ctx, tx, actor, user, *change.Email)
		}
		if hash != "" {
			err = errors.Join(err,
				voidCodes(ctx, tx, user.ID, resetPassword),
				audit.Record(ctx, tx, actor.Event(audit.PasswordChanged, user.ID)),
			)
		}
		if err == nil {
			err = save(tx, user)
		}
		if err != nil {
			return err
		}
		session, err = s.session(ctx, tx, user)
		return err
	})
	if errors.Is(err, errNoUser) {
		err = fmt.Errorf("%w: %w, or all tokens were ended", utils.ErrNotAuthenticated, err)
	}
	if err != nil {
		return Session{}, fmt.Errorf("update a user: %w", err)
	}
	return session, nil
}
