package users_test

import (
	"context"
	"errors"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// grantedRoles is a feature in which users are granted a role whenever they are about to be deleted.
type grantedRoles struct {
	users.EventRoles

	times int // how often it happens
	seen  int
}

// LockAdministered returns no events.
func (*grantedRoles) LockAdministered(context.Context, *gorm.DB, int64) ([]int64, error) {
	return nil, nil
}

// SolelyAdministered fails while roles are granted.
func (r *grantedRoles) SolelyAdministered(context.Context, *gorm.DB, int64, []int64) ([]string, error) {
	if r.seen++; r.seen <= r.times {
		return nil, users.ErrRoleGranted
	}
	return nil, nil
}

// TestRolesGrantedMeanwhile checks that deleting a user is tried again, but not forever.
func TestRolesGrantedMeanwhile(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.RegisterAdmin(t, "root@example.org")
	for times, want := range map[int]error{0: nil, 1: nil, 4: nil, 5: utils.ErrUnavailable} {
		user := a.RegisterVerified(t, "ann@example.org")
		roles := &grantedRoles{times: times}
		service := users.NewService(a.DB, users.Options{
			Passwords: a.Passwords, Tokens: a.Tokens, Logins: limits.NewLogins(a.DB, 5, a.Passwords), Outbox: mail.NewOutbox(),
			EventRoles: roles,
		})
		if err := service.Delete(t.Context(), audit.Actor{}.As(user.ID)); !errors.Is(err, want) {
			t.Errorf("granted %d times: got %v, want %v", times, err, want)
		}
		if want := min(times+1, 5); roles.seen != want {
			t.Errorf("granted %d times: tried %d times, want %d", times, roles.seen, want)
		}
		if want != nil {
			a.run(t, "delete", "ann@example.org")
		}
	}
}
