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
// same cost whether or not the account exists (but see secrets.Passwords on outdated hashes); with
// utils.ErrAccountBlocked and utils.ErrEmailNotVerified; with utils.ErrTooManyRequests after many failures; and with
// utils.ErrBusy or secrets.ErrBusy.
func (s *Service) Authenticate(ctx context.Context, actor audit.Actor, email, password string) (Session, error) {
	address, err := text.CanonicalEmail(email)
	account := address
	if err != nil {
		address, account = "", email // no account has it, but its failures are counted like those of an address
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
	var warning error
	if outdated {
		warning = s.rehash(ctx, actor, user, password)
	}
	session, err := s.session(ctx, s.db, user)
	session.Warning = warning
	return session, err
}

// findOrNobody returns the user with the address, or an empty user without a password, so that an unknown address costs
// as much as a wrong password.
func (s *Service) findOrNobody(ctx context.Context, email string) (*User, error) {
	user, err := FindByEmail(ctx, s.db, email)
	if errors.Is(err, utils.ErrUserNotFound) {
		return &User{}, nil
	}
	return user, err
}

// accept records that the password was right, and when the user signed in. It fails with utils.ErrAccountBlocked or
// utils.ErrEmailNotVerified, which only a client that knows the password learns. It writes to users before
// login_failures, like every transaction that writes to both, so that none can deadlock.
func (s *Service) accept(ctx context.Context, actor audit.Actor, user *User, attempt *limits.Attempt) error {
	kind, refusal := s.admit(user)
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if refusal == nil {
			if err := s.noteLogin(ctx, tx, user); err != nil {
				return err
			}
		}
		return errors.Join(attempt.Succeeded(tx), audit.Record(ctx, tx, actor.Event(kind, user.ID)))
	})
	if err != nil {
		return errors.Join(err, attempt.Withdraw(ctx))
	}
	return refusal
}

// admit returns the audit event's kind, and why a user with the right password may not sign in, or nil.
func (s *Service) admit(user *User) (audit.Kind, error) {
	switch {
	case user.BlockedAt != nil:
		return audit.SignInBlocked, utils.ErrAccountBlocked
	case s.mustVerify(user):
		return audit.SignInUnverified, utils.ErrEmailNotVerified
	}
	return audit.SignedIn, nil
}

// refuse records that the password was wrong and returns utils.ErrInvalidCredentials. It also records attempts on
// unknown addresses, so that they take the same time.
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

// rehash replaces a hash with outdated parameters while the password is at hand.
func (s *Service) rehash(ctx context.Context, actor audit.Actor, user *User, password string) error {
	old := user.PasswordHash
	if err := user.SetPassword(ctx, s.passwords, limits.Network(actor.Client), password); err != nil {
		return err
	}
	return replaceHash(ctx, s.db, user.ID, old, user.PasswordHash)
}

// loginPrecision is the resolution of the stored last sign-in; it saves a write per sign-in if a client signs in for
// every request.
const loginPrecision = time.Minute

func (s *Service) noteLogin(ctx context.Context, tx *gorm.DB, user *User) error {
	now := s.db.NowFunc()
	if user.LastLogin != nil && now.Sub(*user.LastLogin) < loginPrecision {
		return nil
	}
	return noteLogin(ctx, tx, user.ID, now)
}
