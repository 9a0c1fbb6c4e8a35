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

// Session is a user who has signed in.
type Session struct {
	User    *User
	Token   string // to send from now on
	Roles   []EventRole
	Warning error // what went wrong without failing the sign-in, for the log
}

func (s *Service) session(ctx context.Context, user *User) (Session, error) {
	roles, err := s.eventRoles.RolesOf(ctx, user.ID)
	if err != nil {
		return Session{}, err
	}
	token, err := s.tokens.Issue(secrets.Claims{
		ID: user.ID, Email: user.Email, IsAdmin: user.IsAdmin, Generation: user.TokenGeneration,
	})
	if err != nil {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	return Session{User: user, Token: token, Roles: roles}, nil
}

// CheckToken returns the user of a token that has not ended, without the columns that Current leaves out, and the
// token's claims. It fails with utils.ErrNotAuthenticated.
func (s *Service) CheckToken(ctx context.Context, token string) (*User, secrets.Claims, error) {
	claims, err := s.tokens.Verify(token)
	if err != nil {
		return nil, secrets.Claims{}, fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	}
	user, err := s.finder.byToken(ctx, s.db, claims)
	switch {
	case errors.Is(err, errNoUser):
		err = fmt.Errorf("%w: %w", utils.ErrNotAuthenticated, err)
	case err != nil:
	case user.Email != claims.Email: // another address, or another database's user of that id
		err = fmt.Errorf("%w: the token was given to another address", utils.ErrNotAuthenticated)
	case user.TokenGeneration != claims.Generation:
		err = fmt.Errorf("%w: the token was ended with all others", utils.ErrNotAuthenticated)
	}
	if err != nil {
		return nil, secrets.Claims{}, err
	}
	return user, claims, nil
}

// Refresh returns a session with a new token for a user whose token was checked. That token stays valid until it
// expires, so that requests that the client has already sent do not fail.
func (s *Service) Refresh(ctx context.Context, user *User) (Session, error) {
	return s.session(ctx, user)
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
