package runner_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
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
	_, asReader := newRole(t, owner, address, "reader_", "LOGIN")
	_, err := newRunner(t, dbtest.Open(t, asReader), create("a")).Upgrade(t.Context(), "head")
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

// newRole creates a role with the attributes, which ends with the test, and returns its name and the address with which
// it signs in. Roles belong to the whole server, so its name has that of the database.
func newRole(t *testing.T, owner *gorm.DB, address, prefix, attributes string) (role, asRole string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	role = prefix + strings.TrimPrefix(u.Path, "/test_")
	execute(t, owner, fmt.Sprintf("CREATE ROLE %s %s PASSWORD 'x'", role, attributes))
	t.Cleanup(func() { execute(t, owner, "DROP OWNED BY "+role+"; DROP ROLE "+role) })
	u.User = url.UserPassword(role, "x")
	return role, u.String()
}

// TestOneConnection upgrades with a role that may have a single connection.
func TestOneConnection(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no users")
	}
	address := dbtest.URL(t)
	owner := dbtest.Open(t, address)
	role, asRole := newRole(t, owner, address, "single_", "LOGIN CONNECTION LIMIT 1")
	execute(t, owner, "GRANT CREATE ON SCHEMA public TO "+role)
	db := dbtest.OpenOne(t, asRole)
	if _, err := newRunner(t, db, create("a"), create("b", "a")).Upgrade(t.Context(), "head"); err != nil {
		t.Error(err)
	}
	wantApplied(t, db, "a", "b")
}

// TestUnreadableTable reads the applied ids as a role that may not: the error says which right is missing.
func TestUnreadableTable(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no users")
	}
	address := dbtest.URL(t)
	owner := dbtest.Open(t, address)
	execute(t, owner, "CREATE SCHEMA hidden")
	if _, err := newRunner(t, owner, create("a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	inHidden := dbtest.Open(t, onPath(t, address, "hidden"))
	if _, err := newRunner(t, inHidden, create("a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	role, asRole := newRole(t, owner, address, "blind_", "LOGIN")
	for path, want := range map[string]string{
		"public": "cannot read the applied revisions: role " + role + " may not read table migrations",
		"hidden": "cannot read the applied revisions: role " + role + " may not use schema hidden, which holds table " +
			"migrations",
	} {
		_, err := newRunner(t, dbtest.Open(t, onPath(t, asRole, path)), create("a")).Applied(t.Context())
		if _, ok := errors.AsType[*runner.UnreadableError](err); !ok || err.Error() != want {
			t.Errorf("%s: got error %v, want an UnreadableError %q", path, err, want)
		}
	}
	execute(t, owner, "GRANT SELECT ON migrations TO "+role)
	wantApplied(t, dbtest.Open(t, asRole), "a")
}

func execute(t *testing.T, db *gorm.DB, statement string) {
	t.Helper()
	if err := db.Exec(statement).Error; err != nil {
		t.Fatal(err)
	}
}
