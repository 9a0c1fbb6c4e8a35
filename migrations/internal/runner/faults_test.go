package runner_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
)

// TestDiskFull runs out of space in a revision, which leaves nothing behind; the next run with more space completes.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	db := dbtest.OpenOne(t, dbtest.SQLiteURL(t))
	big := create("b", "a")
	big.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_b", op.Column("text", op.Text()))
		m.SQL("INSERT INTO t_b (text) VALUES (hex(zeroblob(1000000)))")
	}
	r := newRunner(t, db, create("a"), big)
	if err := db.Exec("PRAGMA max_page_count = 20").Error; err != nil {
		t.Fatal(err)
	}
	_, err := r.Upgrade(t.Context(), "head")
	if want := "revision b (b_.go)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("got error %v, want one with %q", err, want)
	}
	wantApplied(t, db, "a")
	if db.Migrator().HasTable("t_b") {
		t.Error("got table t_b, want none")
	}
	if err := db.Exec("PRAGMA max_page_count = 100000").Error; err != nil {
		t.Fatal(err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Error(err)
	}
}

// TestNoRightToCreate upgrades with a role that may only read.
func TestNoRightToCreate(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no users")
	}
	address := dbtest.URL(t)
	owner := dbtest.Open(t, address)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	role := "reader_" + strings.TrimPrefix(u.Path, "/test_")
	execute(t, owner, fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD 'x'", role))
	t.Cleanup(func() { execute(t, owner, "DROP ROLE "+role) })
	u.User = url.UserPassword(role, "x")
	reader := dbtest.Open(t, u.String())
	_, err = newRunner(t, reader, create("a")).Upgrade(t.Context(), "head")
	if want := "permission denied"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
	wantApplied(t, owner)
	var locks int64
	owner.Raw("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database" +
		" WHERE l.locktype = 'advisory' AND d.datname = current_database()").Scan(&locks)
	if locks != 0 {
		t.Errorf("got %d advisory locks, want 0", locks)
	}
}

func execute(t *testing.T, db *gorm.DB, statement string) {
	t.Helper()
	if err := db.Exec(statement).Error; err != nil {
		t.Fatal(err)
	}
}
