package runner_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

// TestDeadlockIsTriedAgain makes a revision and another transaction each wait for a lock that the other holds.
func TestDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	other := db.Begin()
	done := make(chan error, 1)
	tries := 0
	crossing := create("b", "a")
	crossing.Upgrade = func(m *op.Migration) {
		m.SQL("LOCK TABLE t_a")
		m.Run(func(tx *gorm.DB) error {
			if tries++; tries > 1 {
				return nil
			}
			var process int
			if err := other.Raw("SELECT pg_backend_pid()").Scan(&process).Error; err != nil {
				return err
			}
			go func() {
				other.Exec("SET deadlock_timeout = '1h'") // so that the revision is the one that ends
				done <- other.Exec("LOCK TABLE t_a").Error
			}()
			for waiting := false; !waiting; {
				err := tx.Raw("SELECT cardinality(pg_blocking_pids(?)) > 0", process).Scan(&waiting).Error
				if err != nil {
					return err
				}
			}
			return tx.Exec("SET LOCAL deadlock_timeout = 1").Error
		})
		m.AddColumn("u", op.Column("more", op.Text()))
	}
	first := create("a")
	first.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_a", op.Column("id", op.Int(64)))
		m.CreateTable("u", op.Column("id", op.Int(64)))
	}
	r := newRunner(t, db, first, crossing)
	if _, err := r.Upgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if err := other.Exec("LOCK TABLE u").Error; err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout = 30 * time.Second
	waits := 0
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Waiting {
			waits++
			if err := <-done; err != nil {
				t.Errorf("the other transaction: %v", err)
			}
			other.Rollback()
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if waits != 1 || tries != 2 {
		t.Errorf("got %d waits and %d tries, want 1 and 2", waits, tries)
	}
	wantApplied(t, db, "a", "b")
}

// TestPausesGrow keeps a table in use: each attempt is reported, and the pauses between them grow.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	grow := create("b", "a")
	grow.Upgrade = func(m *op.Migration) { m.AddColumn("t_a", op.Column("more", op.Text())) }
	r := newRunner(t, db, create("a"), grow)
	if _, err := r.Upgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	reader := db.Begin()
	if err := reader.Exec("SELECT * FROM t_a").Error; err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout = time.Millisecond
	var reported, waited []time.Duration
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Waiting {
			reported = append(reported, e.Again)
		}
	}
	r.Wait = func(_ context.Context, d time.Duration) error {
		if waited = append(waited, d); len(waited) == 5 {
			reader.Rollback()
		}
		return nil
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second}
	if !slices.Equal(waited, want) || !slices.Equal(reported, want) {
		t.Errorf("got waits %v and reported waits %v, want %v", waited, reported, want)
	}
}
