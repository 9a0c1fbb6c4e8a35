package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// Session is a signed-in user.
type Session struct {
	User    *User
	Token   string      // empty if the address must be verified first
	Roles   []EventRole // those in effect
	Warning error       // an error that did not fail the sign-in, for the log
}

func (s *Service) session(ctx context.Context, db *gorm.DB, user *User) (Session, error) {
	session := Session{User: user, Roles: []EventRole{}}
	if user.InEffect() {
		var err error
		if session.Roles, err = s.eventRoles.RolesOf(ctx, db, user.ID); err != nil {
			return Session{}, err
		}
	}
	if s.mustVerify(user) {
		return session, nil
	}
	token, err := s.tokens.Issue(secrets.Claims{
		ID: user.ID, Email: user.Email, IsAdmin: user.Administers(), Generation: user.TokenGeneration,
	})
	if err != nil {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	session.Token = token
	return session, nil
}

// mustVerify reports whether the user gets no token before verifying the address.
func (s *Service) mustVerify(user *User) bool { return s.requireVerified && !user.Verified() }

// refusal is a utils.ErrNotAuthenticated with the reason, which is for the log alone. Making it takes less time than
// fmt.Errorf.
type refusal struct{ reason error }

// Error implements error.
func (r refusal) Error() string { return utils.ErrNotAuthenticated.Error() + ": " + r.reason.Error() }

// Unwrap makes errors.Is and errors.As see the catalogue's error.
func (refusal) Unwrap() error { return utils.ErrNotAuthenticated }

// CheckToken returns the user of a token that has not ended, without the columns that Current lacks, and the token's
// claims. It fails with utils.ErrNotAuthenticated, and with utils.ErrEmailNotVerified for a token from before verified
// addresses were required.
func (s *Service) CheckToken(ctx context.Context, token string) (*User, secrets.Claims, error) {
	claims, err := s.tokens.Verify(token)
	if err != nil {
		return nil, secrets.Claims{}, refusal{err}
	}
	user, err := s.finder.byToken(ctx, s.db, claims)
	switch {
	case errors.Is(err, errNoUser):
		err = fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	case err != nil:
	case user.Email != claims.Email: // the address changed, or the id is another database's
		err = fmt.Errorf("%w: the token was issued to another address", utils.ErrNotAuthenticated)
	case user.TokenGeneration != claims.Generation:
		err = fmt.Errorf("%w: all of the user's tokens were ended", utils.ErrNotAuthenticated)
	case s.mustVerify(user):
		err = utils.ErrEmailNotVerified
	}
	if err != nil {
		return nil, secrets.Claims{}, err
	}
	return user, claims, nil
}

// Refresh returns a session with a new token for a user whose token was checked. The old token stays valid until it
// expires, so that requests already sent with it do not fail.
func (s *Service) Refresh(ctx context.Context, user *User) (Session, error) {
	return s.session(ctx, s.db, user)
}

// Logout ends the token with the claims, or every token of its user.
func (s *Service) Logout(ctx context.Context, actor audit.Actor, claims secrets.Claims, everywhere bool) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var err error
		if everywhere {
			err = endTokens(ctx, tx, claims.ID)
		} else {
			err = revoke(ctx, tx, claims.TokenID, claims.ExpiresAt)
		}
		return errors.Join(err, audit.Record(ctx, tx, actor.Event(audit.SignedOut, claims.ID)))
	})
}
