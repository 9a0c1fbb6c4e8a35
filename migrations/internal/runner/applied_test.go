package runner_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
)

// onPath returns the URL with a search path.
func onPath(t *testing.T, address, path string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", path)
	u.RawQuery = query.Encode()
	return u.String()
}

// TestMisplacedTable connects with search paths that do not lead to the table of ids.
func TestMisplacedTable(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no search path")
	}
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	if _, err := newRunner(t, db, create("a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "CREATE SCHEMA other")
	for path, want := range map[string]string{
		"other,public": "table migrations of applied revisions is in schema public, but the search_path (other,public) " +
			"leads to schema other",
		"nowhere": "no schema in the search_path (nowhere) exists, so table migrations cannot be found",
	} {
		misled := newRunner(t, dbtest.Open(t, onPath(t, address, path)), create("a"))
		_, asked := misled.Applied(t.Context())
		_, upgraded := misled.Upgrade(t.Context(), "head")
		_, stamped := misled.Stamp(t.Context(), false, "head")
		for what, err := range map[string]error{"current": asked, "upgrade": upgraded, "stamp": stamped} {
			var misplaced *runner.MisplacedError
			if !errors.As(err, &misplaced) || err.Error() != want || misplaced.Hint() == "" {
				t.Errorf("%s with %s: got %v (%s), want %s with a hint", what, path, err, hint.Of(err), want)
			}
		}
	}
	for _, path := range []string{"other", "public,other", "nowhere,public"} {
		r := newRunner(t, dbtest.Open(t, onPath(t, address, path)), create("a"))
		if _, err := r.Upgrade(t.Context(), "head"); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		wantApplied(t, r.DB, "a")
	}
	r := newRunner(t, dbtest.Open(t, onPath(t, address, "other,public")), create("a"))
	wantApplied(t, r.DB, "a") // both schemas have the table now
}

// TestLockedTableOfIDs locks the table of ids, and a table whose rows are counted, in another session.
func TestLockedTableOfIDs(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	r := newRunner(t, db, create("a"), create("b", "a"))
	plan, err := r.Upgrade(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	down, err := r.History.Graph.Downgrade(plan.Applied, "base")
	if err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout = time.Millisecond
	for what, do := range map[string]func() error{
		"current": func() error { _, err := r.Applied(t.Context()); return err },
		"upgrade": func() error { _, err := r.Upgrade(t.Context(), "head"); return err },
		"stamp":   func() error { _, err := r.Stamp(t.Context(), false, "head"); return err },
		"losses":  func() error { _, err := r.Losses(t.Context(), down); return err },
	} {
		holder := db.Begin()
		if err := holder.Exec("LOCK TABLE migrations, t_a IN ACCESS EXCLUSIVE MODE").Error; err != nil {
			t.Fatal(err)
		}
		clock := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
		r.Now = func() time.Time { return clock }
		r.Wait = func(context.Context, time.Duration) error { clock = clock.Add(20 * time.Second); return nil }
		const want = "gave up after 1m0s: a transaction has locked a table that is needed"
		var locked *runner.LockError
		if err := do(); !errors.As(err, &locked) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want a LockError %q", what, err, want)
		}
		r.Wait = func(context.Context, time.Duration) error { return holder.Rollback().Error }
		if err := do(); err != nil {
			t.Errorf("%s, after the lock is released: %v", what, err)
		}
		execute(t, db, "DELETE FROM migrations WHERE id = 'b'; DROP TABLE IF EXISTS t_b")
	}
}
