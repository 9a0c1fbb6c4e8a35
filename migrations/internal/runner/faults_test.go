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

// TestDiskFull has a revision run out of space; it leaves nothing, and the next run with more space completes.
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
	if _, err := r.Upgrade(t.Context(), "head"); err == nil || !strings.Contains(err.Error(), "revision b (b_.go)") {
		t.Fatalf("got %v", err)
	}
	wantApplied(t, db, "a")
	if db.Migrator().HasTable("t_b") {
		t.Error("the table is left")
	}
	if err := db.Exec("PRAGMA max_page_count = 100000").Error; err != nil {
		t.Fatal(err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Error(err)
	}
}

// TestNoRightToCreate has a user who may only look.
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
	role := "looker_" + strings.TrimPrefix(u.Path, "/test_")
	execute(t, owner, fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD 'x'", role))
	t.Cleanup(func() { execute(t, owner, "DROP ROLE "+role) })
	u.User = url.UserPassword(role, "x")
	looker := dbtest.Open(t, u.String())
	if _, err := newRunner(t, looker, create("a")).Upgrade(t.Context(), "head"); err == nil ||
		!strings.Contains(err.Error(), "permission denied") {
		t.Errorf("got %v", err)
	}
	wantApplied(t, owner)
	var locks int64
	owner.Raw("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database" +
		" WHERE l.locktype = 'advisory' AND d.datname = current_database()").Scan(&locks)
	if locks != 0 {
		t.Error("the lock is still held")
	}
}

func execute(t *testing.T, db *gorm.DB, statement string) {
	t.Helper()
	if err := db.Exec(statement).Error; err != nil {
		t.Fatal(err)
	}
}
