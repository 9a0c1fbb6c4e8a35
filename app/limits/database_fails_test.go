package limits_test

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"guestlist/app/database/dbtest"
	"guestlist/app/limits"
)

// TestLoginsDatabaseFails makes each statement of each operation fail in turn, and checks that the operation returns
// the error.
func TestLoginsDatabaseFails(t *testing.T) {
	t.Parallel()
	ofHome := []netip.Addr{home}
	begin := func(l logins) (*limits.Attempt, error) { return l.Begin(t.Context(), ann, home) }
	for name, test := range map[string]struct {
		statements int
		// prepare runs before the failure, and may return the attempt that run ends.
		prepare func(l logins) (*limits.Attempt, error)
		run     func(l logins, attempt *limits.Attempt) error
	}{
		"begin": {2, nil, func(l logins, _ *limits.Attempt) error { return ended(begin(l)) }},
		"begin the last free attempt": {3, func(l logins) (*limits.Attempt, error) {
			for range 4 {
				l.fail(t, ann, home)
			}
			return nil, nil //nolint:nilnil // no attempt is under way
		}, func(l logins, _ *limits.Attempt) error { return ended(begin(l)) }},
		"withdraw": {2, begin, func(_ logins, a *limits.Attempt) error { return a.Withdraw(t.Context()) }},
		"succeed":  {2, begin, func(l logins, a *limits.Attempt) error { return l.db.Transaction(a.Succeeded) }},
		"know":     {1, nil, func(l logins, _ *limits.Attempt) error { return l.MarkKnown(l.db, ann, home) }},
		"clear":    {2, nil, func(l logins, _ *limits.Attempt) error { return l.Clear(l.db, ann) }},
		"about": {1, nil, func(l logins, _ *limits.Attempt) error {
			_, err := limits.About(t.Context(), l.db, ann, ofHome)
			return err
		}},
		"forget": {1, nil, func(l logins, _ *limits.Attempt) error {
			return limits.Forget(t.Context(), l.db, ann, ofHome)
		}},
	} {
		for n := range test.statements + 1 {
			t.Run(fmt.Sprintf("%s, statement %d", name, n), func(t *testing.T) {
				t.Parallel()
				l := newLogins(t)
				var attempt *limits.Attempt
				if test.prepare != nil {
					var err error
					if attempt, err = test.prepare(l); err != nil {
						t.Fatal(err)
					}
				}
				statements := dbtest.FailAt(t, l.db, n)
				err := test.run(l, attempt)
				if n == 0 && (err != nil || *statements != test.statements) {
					t.Errorf("no failure: got %v after %d statements, want no error after %d", err, *statements, test.statements)
				}
				if n > 0 && !errors.Is(err, dbtest.ErrDiskFull) {
					t.Errorf("got %v, want %v", err, dbtest.ErrDiskFull)
				}
			})
		}
	}
}

func ended(attempt *limits.Attempt, err error) error {
	if attempt != nil {
		attempt.Release()
	}
	return err
}

// TestLoginsRefusalFails makes the query fail that finds how long a refused attempt must wait.
func TestLoginsRefusalFails(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for range 5 {
		l.fail(t, ann, home)
	}
	dbtest.FailAt(t, l.db, 2)
	if _, err := l.Begin(t.Context(), ann, home); !errors.Is(err, dbtest.ErrDiskFull) {
		t.Errorf("got %v, want %v", err, dbtest.ErrDiskFull)
	}
	if got := l.Refused(); got != 0 {
		t.Errorf("refused: got %d, want 0", got)
	}
}
