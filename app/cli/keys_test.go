package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

// TestOldKeys checks that a search finds people whom an older program stored: before the upgrade, and after it, while
// that program was still running.
func TestOldKeys(t *testing.T) {
	t.Parallel()
	address, dir := dbtest.URL(t), t.TempDir()
	environ := []string{"DATABASE_URL=" + address, "DEBUG=1"}
	bytesOf := "CAST('%s' AS BLOB)"
	if dbtest.Postgres() {
		bytesOf = "convert_to('%s', 'UTF8')"
	}
	store := func(email, lastname string) { // with the keys that older programs made
		folded := strings.ToLower(lastname)
		changeAt(t, address, "INSERT INTO users (email, password_hash, firstname, lastname, user_title, primary_language, "+
			"created_at, updated_at, "+
			"search_key, lastname_key) VALUES ('"+email+"', '', 'Émile', '"+lastname+
			"', '', '', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', "+
			fmt.Sprintf(bytesOf, email+"\x1fémile\x1f"+folded)+", "+fmt.Sprintf(bytesOf, folded)+")")
	}
	finds := func(q, want string) {
		t.Helper()
		stdout, stderr, code := run(t, dir, environ, "", "users", "list", "--q", q)
		if code != 0 || strings.Count(stdout, "@") != 1 || !strings.Contains(stdout, want) {
			t.Errorf("users list --q %q: %d, got %s%s, want %s", q, code, stdout, stderr, want)
		}
	}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade", "789bcdad91cd"); code != 0 {
		t.Fatalf("db upgrade 789bcdad91cd: %d, %s; want %d", code, stderr, 0)
	}
	store("bob@example.org", "Zöllner")
	store("cid@example.org", "Ångström")
	_, stderr, code := run(t, dir, environ, "", "db", "upgrade")
	if code != 0 || !strings.Contains(stderr, "recomputed search and sort keys") {
		t.Errorf("db upgrade: %d, %s; want %d and %q", code, stderr, 0, "recomputed search and sort keys")
	}
	finds("emile zollner", "bob@example.org")
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 || strings.Contains(stderr, "keys") {
		t.Errorf("db upgrade again: %d, %s; want %d without %q", code, stderr, 0, "keys")
	}
	store("ann@example.org", "Groß")
	s := start(t, dir, environ)
	s.stop(t)
	finds("gross", "ann@example.org")
}
