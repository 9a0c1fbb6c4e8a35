package users_test

import (
	"errors"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// TestWithoutEvents registers, signs in and deletes an account with a Service without other features.
func TestWithoutEvents(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := users.NewService(a.DB, users.Options{
		Passwords: a.Passwords, Tokens: a.Tokens, Logins: limits.NewLogins(a.DB, 5, a.Passwords), Outbox: mail.NewOutbox(),
		Rules: a.Config.PasswordRules(), CodeLifetime: a.Config.CodeLifetime,
	})
	made, err := service.Register(t.Context(), audit.Actor{}, users.Person{Email: "ann@example.org"}, apptest.Password)
	if err != nil || made.Roles == nil || len(made.Roles) > 0 {
		t.Fatalf("got %+v, %v; want a session with an empty list of roles", made, err)
	}
	a.Verify(t, made.User.ID)
	session, err := service.Authenticate(t.Context(), audit.Actor{}, "ann@example.org", apptest.Password)
	if err != nil || session.Roles == nil || len(session.Roles) > 0 {
		t.Fatalf("got %+v, %v; want a session with an empty list of roles", session, err)
	}
	if err := service.Delete(t.Context(), audit.Actor{}.As(made.User.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Get(t.Context(), made.User.ID); !errors.Is(err, utils.ErrUserNotFound) {
		t.Errorf("got %v, want utils.ErrUserNotFound", err)
	}
}
