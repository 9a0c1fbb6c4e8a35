package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// change runs a statement on a SQLite file.
func change(t *testing.T, path, statement string) { changeAt(t, "sqlite:///"+path, statement) }

func changeAt(t *testing.T, address, statement string) {
	t.Helper()
	db, err := database.Open(address, database.Options{PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(statement).Error; err != nil {
		t.Error(err)
	}
	if err := database.Close(db); err != nil {
		t.Error(err)
	}
}

// TestOldProgramOnNewSchema upgrades the database, as a newer program does in a rolling upgrade, while an old one
// serves. It checks that the old one stays ready, can be started again, and its commands work, until the newer one
// removes what it needs.
func TestOldProgramOnNewSchema(t *testing.T) {
	t.Parallel()
	address, dir := dbtest.URL(t), t.TempDir()
	environ := []string{"DATABASE_URL=" + address, "DEBUG=1"}
	s := start(t, dir, environ, "serve", "--upgrade")
	changeAt(t, address, "INSERT INTO migrations VALUES ('0123456789ab')")
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("/readyz: %d %v; want %d", status, answer, http.StatusOK)
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Errorf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	s.stop(t)

	s = start(t, dir, environ)
	if early := strings.Join(s.early, "\n"); !strings.Contains(early, "a newer program has upgraded the schema") {
		t.Errorf("the log does not say that the schema is newer:\n%s", early)
	}
	if stdout, stderr, code := run(t, dir, environ, "", "users", "list"); code != 0 ||
		!strings.Contains(stdout, "ann@example.org") {
		t.Errorf("users list: %d, %s%s; want %d and %q", code, stdout, stderr, 0, "ann@example.org")
	}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 1 ||
		!strings.Contains(stderr, "Can't locate revision identified by '0123456789ab'") {
		t.Errorf("db upgrade: %d, %s; want %d and %q", code, stderr, 1, "Can't locate revision identified by '0123456789ab'")
	}
	changeAt(t, address, "ALTER TABLE users DROP COLUMN firstname")
	if status, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "",
		ann); status != http.StatusServiceUnavailable || answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("without a column: %d %v; want %d and %q", status, answer, http.StatusServiceUnavailable, "SCHEMA_OUTDATED")
	}
	s.stop(t)

	changeAt(t, address, "DELETE FROM migrations WHERE id <> '0123456789ab'")
	s = start(t, dir, environ)
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusServiceUnavailable ||
		answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("an unknown schema: %d %v; want %d and %q", status, answer, http.StatusServiceUnavailable,
			"SCHEMA_OUTDATED")
	}
	s.stop(t)
}
