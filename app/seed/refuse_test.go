package seed_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/seed"
	"guestlist/app/users"
)

func TestRefusesWhatIsNotEmpty(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fill func(*apptest.App)
		held string
	}{
		"a user":   {func(a *apptest.App) { a.Register(t, "ann@example.org") }, "1 user"},
		"an event": {func(a *apptest.App) { a.CreateEvent(t, "gala") }, "1 event"},
		"a deleted user": {func(a *apptest.App) { a.DB.Delete(&users.User{}, a.Register(t, "ann@example.org").ID) },
			"1 user"},
		"its own data": {func(a *apptest.App) { run(t, a, seed.Options{Guests: 2}) }, "8 users, 3 events, 4 guests"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			test.fill(a)
			before := count(t, a)
			_, err := newSeeder(a).Run(t.Context(), seed.Options{Guests: 5, Password: apptest.Password})
			refused, ok := errors.AsType[*seed.NotEmptyError](err)
			if !ok || refused.Held != test.held || !strings.Contains(refused.Hint(), "db downgrade base") {
				t.Errorf("got %v, want an error that the database has %s", err, test.held)
			}
			if after := count(t, a); after != before {
				t.Errorf("there are %d users, want %d as before", after, before)
			}
		})
	}
}

func count(t *testing.T, a *apptest.App) (users64 int64) {
	t.Helper()
	if err := a.DB.Unscoped().Model(&users.User{}).Count(&users64).Error; err != nil {
		t.Fatal(err)
	}
	return users64
}

// TestFailureLeavesNothing checks that a failure in the middle undoes what was created before.
func TestFailureLeavesNothing(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	wrong := a.Config
	wrong.EventRoles = []string{"no role"}
	const want = "no role@example.org"
	if _, err := seed.New(a.DB, wrong).Run(t.Context(), seed.Options{Guests: 5, Password: apptest.Password}); err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %s", err, want)
	}
	if left := count(t, a); left > 0 {
		t.Errorf("%d users are left, want none", left)
	}
	run(t, a, seed.Options{Guests: 5})
}

// TestTwoAtOnce runs two seeders at the same time. It checks that one fills the database, and that the other finds it
// not empty.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	var failures [2]error
	var both sync.WaitGroup
	for i := range failures {
		both.Go(func() {
			_, failures[i] = newSeeder(a).Run(t.Context(), seed.Options{Guests: 5, Password: apptest.Password})
		})
	}
	both.Wait()
	if failures[0] != nil {
		failures[0], failures[1] = failures[1], failures[0]
	}
	if failures[0] != nil {
		t.Errorf("both failed: %v and %v", failures[0], failures[1])
	}
	if refused, ok := errors.AsType[*seed.NotEmptyError](failures[1]); !ok {
		t.Errorf("got %v from the second, want %T", failures[1], refused)
	}
	if made := count(t, a); made != 11 {
		t.Errorf("there are %d users, want 11", made)
	}
}
