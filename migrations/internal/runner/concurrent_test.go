package runner_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// building returns a revision that creates a table in another schema, and one that builds an index on it concurrently.
func building() []revision.Revision {
	table := create("a")
	table.Upgrade = func(m *op.Migration) {
		m.SQL("CREATE SCHEMA app")
		m.CreateTable("app.t", op.Column("id", op.Int(64)), op.Column("name", op.Text()))
		m.CreateTable("u", op.Column("id", op.Int(64)))
	}
	index := create("b", "a")
	index.Upgrade = func(m *op.Migration) {
		m.CreateIndex("idx", "app.t").On(op.Expr("lower(name)"), op.Desc("id")).Concurrently()
	}
	index.Downgrade = func(m *op.Migration) { m.DropIndex("idx", "app.t").Concurrently() }
	return []revision.Revision{table, index}
}

const invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.idx'::regclass"

// TestNameOfConcurrentIndexTaken builds an index whose name another object has, with a run and with a script.
func TestNameOfConcurrentIndexTaken(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite builds every index in the revision's transaction")
	}
	for name, c := range map[string]struct {
		before []string
		says   string // of the run; empty if it succeeds
		script string // of the script
		note   string
	}{
		"nothing":            {},
		"an index elsewhere": {before: []string{"CREATE INDEX idx ON u (id)"}},
		"an index elsewhere too": {
			before: []string{"CREATE INDEX idx ON u (id)", "CREATE INDEX idx ON app.t (id)", invalid},
			script: "is invalid",
			note:   "was invalid",
		},
		"the one wanted": {
			before: []string{"CREATE INDEX idx ON app.t (lower(name), id DESC)"},
			note:   "already exists as declared",
		},
		"an invalid one": {
			before: []string{"CREATE INDEX idx ON app.t (lower(name), id DESC)", invalid},
			script: `DROP INDEX CONCURRENTLY app.idx, and`,
			note:   "was invalid",
		},
		"other keys": {
			before: []string{"CREATE INDEX idx ON app.t (id)"},
			says:   "another has its name: CREATE INDEX idx ON app.t USING btree (id); rename",
		},
		"a unique one": {
			before: []string{"CREATE UNIQUE INDEX idx ON app.t (lower(name), id DESC)"},
			says:   "another has its name",
		},
		"a part of the rows": {
			before: []string{"CREATE INDEX idx ON app.t (lower(name), id DESC) WHERE id > 0"},
			says:   "another has its name",
		},
		"another table's": {
			before: []string{"CREATE TABLE app.v (id int)", "CREATE INDEX idx ON app.v (id)"},
			says:   "as index app.idx on app.v has its name",
		},
		"a table": {
			before: []string{"CREATE TABLE app.idx (id int)"},
			says:   "as table app.idx has its name",
		},
		"a view": {
			before: []string{"CREATE VIEW app.idx AS SELECT 1 AS one"},
			says:   "as view app.idx has its name",
		},
		"a constraint": {
			before: []string{"ALTER TABLE app.t ADD CONSTRAINT idx UNIQUE (id)"},
			says:   "belongs to a constraint",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			elsewhere := strings.Contains(strings.Join(c.before, " "), "ON u ")
			address := dbtest.URL(t)
			db := dbtest.Open(t, address)
			r := newRunner(t, db, building()...)
			if _, err := r.Upgrade(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			for _, statement := range c.before {
				execute(t, db, statement)
			}
			plan, err := r.History.Graph.Upgrade([]string{"a"}, "b")
			if err != nil {
				t.Fatal(err)
			}
			script, err := r.History.Script(schema.Postgres, []string{"a"}, plan)
			if err != nil {
				t.Fatal(err)
			}
			out, failed := psql(t, address, script.Text)
			if says := c.says + c.script; failed == nil != (says == "") || !strings.Contains(out, says) {
				t.Errorf("got output %s of the script, want %q", out, says)
			}
			if c.script == "" && c.says == "" {
				wantApplied(t, db, "a", "b")
				execute(t, db, "DELETE FROM migrations WHERE id = 'b'")
			}
			var notes []string
			r.Report = func(e runner.Event) { notes = append(notes, e.Text) }
			_, err = r.Upgrade(t.Context(), "head")
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
			if !strings.Contains(strings.Join(notes, "\n"), c.note) {
				t.Errorf("got notes %q, want %q", notes, c.note)
			}
			if c.says != "" {
				wantApplied(t, db, "a")
				return
			}
			wantApplied(t, db, "a", "b")
			var keys string
			db.Raw("SELECT string_agg(indexdef, ' ' ORDER BY 1) FROM pg_indexes WHERE indexname = 'idx'").Scan(&keys)
			if !strings.Contains(keys, "lower(name), id DESC") || elsewhere != strings.Contains(keys, "public.u") {
				t.Errorf("got indexes %s, want the one on app.t, and one on u: %v", keys, elsewhere)
			}
			if _, err := r.Downgrade(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			left := ""
			db.Raw("SELECT string_agg(indexdef, ' ') FROM pg_indexes WHERE indexname = 'idx'").Scan(&left)
			if strings.Contains(left, "app.t") || elsewhere != strings.Contains(left, "public.u") {
				t.Errorf("got indexes %s after the downgrade, want none on app.t, and one on u: %v", left, elsewhere)
			}
		})
	}
}

// TestTableInUseWithoutTransaction runs a revision without a transaction while another transaction reads the table: its
// ordinary operations time out and are tried again.
func TestTableInUseWithoutTransaction(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no revisions outside a transaction")
	}
	for name, change := range map[string]func(m *op.Migration){
		"an operation": func(m *op.Migration) { m.AddColumn("t_a", op.Column("more", op.Text()).Comment("of it")) },
		"SQL":          func(m *op.Migration) { m.SQL("SELECT 1; ALTER TABLE t_a ADD COLUMN more text; SELECT 2") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			grow := create("b", "a")
			grow.Upgrade = func(m *op.Migration) {
				m.CreateTable("t_b", op.Column("id", op.Int(64)))
				m.CreateIndex("idx", "t_b", "id").Concurrently()
				change(m)
			}
			r := newRunner(t, db, create("a"), grow)
			if _, err := r.Upgrade(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			reader := db.Begin()
			defer reader.Rollback()
			if err := reader.Exec("SELECT * FROM t_a").Error; err != nil {
				t.Fatal(err)
			}
			r.LockTimeout, r.TableLockTimeout = 50*time.Millisecond, time.Millisecond
			_, err := r.Upgrade(t.Context(), "head")
			if _, ok := errors.AsType[*runner.LockError](err); !ok {
				t.Fatalf("got error %v, want a LockError", err)
			}
			wantApplied(t, db, "a")
			execute(t, db, "DROP TABLE t_b")
			r.LockTimeout = time.Minute
			r.Report = func(e runner.Event) {
				if e.Kind == runner.Waiting {
					reader.Rollback()
				}
			}
			if _, err := r.Upgrade(t.Context(), "head"); err != nil {
				t.Fatal(err)
			}
			wantApplied(t, db, "a", "b")
		})
	}
}

// TestConcurrentIndexWaitsForOldTransactions holds a transaction open for longer than the lock timeout.
func TestConcurrentIndexWaitsForOldTransactions(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite builds every index in the revision's transaction")
	}
	db := dbtest.New(t)
	index := create("b", "a")
	index.NoTransaction = true
	index.Upgrade = func(m *op.Migration) {
		m.CreateIndex("idx_b", "t_a", "id").Concurrently()
		m.SQL("CREATE INDEX CONCURRENTLY idx_c ON t_a (id)")
	}
	r := newRunner(t, db, create("a"), index)
	if _, err := r.Upgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	reader := db.Begin(&sql.TxOptions{Isolation: sql.LevelRepeatableRead}) // which keeps its snapshot
	if err := reader.Exec("SELECT * FROM t_a").Error; err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout, r.LockTimeout = 10*time.Millisecond, 20*time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	waited := make(chan error)
	go func() {
		err := waitForLock(ctx, db, 10*r.LockTimeout)
		reader.Rollback()
		waited <- err
	}()
	_, err := r.Upgrade(t.Context(), "head")
	cancel()
	if err := errors.Join(err, <-waited); err != nil {
		t.Fatalf("the index waits, and is built: %v", err)
	}
}

// waitForLock returns nil once a statement in the test's PostgreSQL database has waited for a lock for that long.
func waitForLock(ctx context.Context, db *gorm.DB, long time.Duration) error {
	for waiting := false; !waiting; {
		err := db.WithContext(ctx).Raw("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND "+
			"wait_event_type = 'Lock' AND clock_timestamp() - query_start > make_interval(secs => ?))", long.Seconds()).
			Scan(&waiting).Error
		if err != nil {
			return fmt.Errorf("wait for a lock: %w", err)
		}
	}
	return nil
}

// psql feeds a script to psql and returns its output.
func psql(t *testing.T, address, script string) (out string, failed error) {
	t.Helper()
	program := dbtest.Program(t, "psql", "postgresql-client")
	c := exec.CommandContext(t.Context(), program, "-X", "-q", "-v", "ON_ERROR_STOP=1", address)
	c.Stdin = strings.NewReader(script)
	text, err := c.CombinedOutput()
	return string(text), err
}
