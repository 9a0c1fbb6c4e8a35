package online_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// crowd runs programs that read and write until they are stopped. No program may fail, or wait for a lock longer than a
// revision may hold it.
type crowd struct {
	stop    context.CancelFunc
	running sync.WaitGroup
	mutex   sync.Mutex
	failed  error
	done    int64
}

const patience = 2 * time.Second

// unprepared keeps pgx from using prepared statements. After the type of a column that a statement returns has changed,
// PostgreSQL refuses the statement once (cached plan must not change result type); only then does the driver prepare it
// again, for the next query.
const unprepared = "&default_query_exec_mode=exec"

// start runs each statement repeatedly on a connection of its own. Each statement takes an id as its only parameter.
func start(t *testing.T, db *gorm.DB, rows int, statements ...string) *crowd {
	t.Helper()
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	c := &crowd{stop: stop}
	for n, statement := range statements {
		conn, err := pool.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("SET lock_timeout = %d", patience.Milliseconds())); err != nil {
			t.Fatal(err)
		}
		c.running.Go(func() { c.work(ctx, conn, statement, n, rows) })
	}
	return c
}

func (c *crowd) work(ctx context.Context, conn *sql.Conn, statement string, n, rows int) {
	defer func() { _ = conn.Close() }()
	for id := n*7919 + 1; ctx.Err() == nil; id += 104729 {
		_, err := conn.ExecContext(ctx, statement, id%rows+1)
		c.mutex.Lock()
		c.done++
		if err != nil && ctx.Err() == nil {
			c.failed = errors.Join(c.failed, fmt.Errorf("%s: %w", statement, err))
			c.mutex.Unlock()
			return
		}
		c.mutex.Unlock()
	}
}

// end stops the programs, and fails the test if one of them failed.
func (c *crowd) end(t *testing.T) {
	t.Helper()
	c.stop()
	c.running.Wait()
	if c.failed != nil {
		t.Error(c.failed)
	}
	if c.done == 0 {
		t.Error("got no statements executed meanwhile, want some")
	}
}

// TestLiveDatabase changes a large table by a rename, a larger type, an index, a check, a foreign key and NOT NULL,
// while first the old and then the new program reads and writes it.
func TestLiveDatabase(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no such locks")
	}
	rows := 1_000_000
	if testing.Short() {
		rows = 10_000
	}
	before := build(t, schema.Schema{}, base)
	after := build(t, before, func(m *op.Migration) {
		m.RenameColumn("users", "name", "full_name")
		m.AlterColumn("users", "age").Type(op.Int(64))
		m.AlterColumn("users", "team_id").NotNull()
		m.AddForeignKey("fk_users_team", "users", "team_id").References("teams", "id")
		m.AddCheck("chk_users_note", "users", "note <> ''")
		m.CreateIndex("idx_users_team", "users", "team_id")
	})
	s, err := series(t, before, after, []diff.Rename{{Kind: diff.Column, Table: "users", From: "name", To: "full_name"}})
	if err != nil {
		t.Fatal(err)
	}
	h, ids := history(t, before, s)
	url := dbtest.URL(t)
	db, programs := dbtest.Open(t, url), dbtest.Open(t, url+unprepared)
	r := &runner.Runner{DB: db, History: h, TableLockTimeout: patience / 2}
	upgrade(t, r, ids[0])
	execute(t, db, "INSERT INTO teams (code) SELECT 'code ' || n FROM generate_series(1, 100) n",
		fmt.Sprintf("INSERT INTO users (name, note, age, team_id) SELECT 'user ' || n, 'note', n, n %% 100 + 1 "+
			"FROM generate_series(1, %d) n", rows))
	old := start(t, programs, rows, "SELECT name, age FROM users WHERE id = $1",
		"UPDATE users SET name = name || '.' WHERE id = $1",
		"INSERT INTO users (name, note, age, team_id) SELECT 'more', 'note', nextval('users_id_seq') + 10000000, "+
			"$1::bigint % 100 + 1",
		"DELETE FROM users WHERE id = $1")
	upgrade(t, r, ids[s.Rollout])
	old.end(t)
	fresh := start(t, programs, rows, "SELECT full_name, age FROM users WHERE id = $1",
		"UPDATE users SET full_name = full_name || '.' WHERE id = $1",
		"INSERT INTO users (full_name, note, age, team_id) SELECT 'more', 'note', nextval('users_id_seq') + 10000000000, "+
			"$1::bigint % 100 + 1",
		"DELETE FROM users WHERE id = $1")
	upgrade(t, r, ids[len(ids)-1])
	fresh.end(t)
	wantNoDrift(t, r, h)
	wantRows(t, db, "SELECT count(*)::text FROM users WHERE full_name IS NULL OR full_name NOT SIMILAR TO '(user "+
		"[0-9]+|more)[.]*'", "0")
	t.Logf("%d statements before the rollout, %d after", old.done, fresh.done)
}
