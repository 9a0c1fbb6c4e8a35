package users

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Authenticate returns a session for an address and its password. It fails with utils.ErrInvalidCredentials, at the
// same cost whether there is such an account or not; with utils.ErrAccountBlocked and utils.ErrEmailNotVerified; with
// utils.ErrTooManyRequests after many failures; and with utils.ErrBusy or secrets.ErrBusy.
func (s *Service) Authenticate(ctx context.Context, actor audit.Actor, email, password string) (Session, error) {
	address, err := text.CanonicalEmail(email)
	account := address
	if err != nil {
		address, account = "", email // nobody has it, but failures are counted for it as for an address
	}
	attempt, err := s.logins.Begin(ctx, account, actor.Client)
	if err != nil {
		return Session{}, err
	}
	defer attempt.Release()
	user, err := s.findOrNobody(ctx, address)
	if err != nil {
		return Session{}, errors.Join(err, attempt.Withdraw(ctx))
	}
	ok, outdated, err := user.CheckPassword(ctx, attempt.Place, password)
	if err != nil {
		return Session{}, errors.Join(err, attempt.Withdraw(ctx))
	}
	if !ok {
		return Session{}, s.refuse(ctx, actor, user, attempt)
	}
	if err := s.accept(ctx, actor.As(user.ID), user, attempt); err != nil {
		return Session{}, err
	}
	var rehashErr error
	if outdated {
		rehashErr = s.rehash(ctx, actor, user, password)
	}
	warning := errors.Join(rehashErr, s.noteLogin(ctx, user))
	session, err := s.session(ctx, user)
	session.Warning = warning
	return session, err
}

// findOrNobody returns the user with the address, or one who has no password and so cannot sign in: a wrong address
// then costs as much as a wrong password.
func (s *Service) findOrNobody(ctx context.Context, email string) (*User, error) {
	user, err := FindByEmail(ctx, s.db, email)
	if errors.Is(err, utils.ErrUserNotFound) {
		return &User{}, nil
	}
	return user, err
}

// accept notes that the password was right. It fails with utils.ErrAccountBlocked or utils.ErrEmailNotVerified, which
// only those learn who know the password.
func (s *Service) accept(ctx context.Context, actor audit.Actor, user *User, attempt *limits.Attempt) error {
	kind, refusal := s.admit(user)
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return errors.Join(attempt.Succeeded(tx), audit.Record(ctx, tx, actor.Event(kind, user.ID)))
	})
	if err == nil {
		err = refusal
	}
	return err
}

// admit returns why a user whose password was right may not sign in, or nil, and what happens in the words of the
// audit.
func (s *Service) admit(user *User) (audit.Kind, error) {
	switch {
	case user.BlockedAt != nil:
		return audit.SignInBlocked, utils.ErrAccountBlocked
	case s.mustVerify(user):
		return audit.SignInUnverified, utils.ErrEmailNotVerified
	}
	return audit.SignedIn, nil
}

// refuse notes that the password was wrong and returns utils.ErrInvalidCredentials. It records addresses without an
// account too, so that they take the same time.
func (s *Service) refuse(ctx context.Context, actor audit.Actor, user *User, attempt *limits.Attempt) error {
	event := actor.Event(audit.SignInRefused, user.ID)
	if attempt.Delay > 0 {
		event.Kind = audit.SignInLimited
		event = event.With(map[string]any{"delay": attempt.Delay.String()})
	}
	if err := audit.Record(ctx, s.db, event); err != nil {
		return err
	}
	return utils.ErrInvalidCredentials
}

// rehash replaces a hash of an older kind now that the password is known.
func (s *Service) rehash(ctx context.Context, actor audit.Actor, user *User, password string) error {
	old := user.PasswordHash
	if err := user.SetPassword(ctx, s.passwords, limits.Network(actor.Client), password); err != nil {
		return err
	}
	return replaceHash(ctx, s.db, user.ID, old, user.PasswordHash)
}

// loginPrecision is how old the stored last sign-in may be, so that a client that signs in for every request does not
// cause a write for each.
const loginPrecision = time.Minute

func (s *Service) noteLogin(ctx context.Context, user *User) error {
	now := s.db.NowFunc()
	if user.LastLogin != nil && now.Sub(*user.LastLogin) < loginPrecision {
		return nil
	}
	return noteLogin(ctx, s.db, user.ID, now)
}
