package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

// TestSeed fills a database, signs in with the password that seed prints, and opens a link that it prints.
func TestSeed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "PASSWORD_MIN_LENGTH=30"}
	if _, stderr, code := run(t, dir, environ, "", "seed"); code != 1 ||
		!strings.Contains(stderr, "run guestlist db upgrade") {
		t.Errorf("without a schema: %d, %s; want %d and %q", code, stderr, 1, "run guestlist db upgrade")
	}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	if _, stderr, code := run(t, dir, environ[:1], "", "seed"); code != 1 ||
		!strings.Contains(stderr, "set DEBUG=True if the database is for development") {
		t.Errorf("with settings for production: %d, %s; want %d and %q", code, stderr, 1,
			"set DEBUG=True if the database is for development")
	}
	stdout, stderr, code := run(t, dir, environ, "", "seed", "--guests", "20")
	if code != 0 || !strings.HasPrefix(stdout, "Created summer-school       20 guests, and registration is open\n") {
		t.Fatalf("%d, %s%s; want %d and %q", code, stdout, stderr, 0,
			"Created summer-school       20 guests, and registration is open\n")
	}
	const refused, advice = "Error: seed fills only an empty database", "run db downgrade base, db upgrade and seed"
	if _, stderr, code := run(t, dir, environ, "", "seed"); code != 1 || !strings.HasPrefix(stderr, refused) ||
		!strings.Contains(stderr, advice) {
		t.Errorf("again: %d, %s; want %d, %q and %q", code, stderr, 1, refused, advice)
	}
	password := regexp.MustCompile(`the password (\w{30}),`).FindStringSubmatch(stdout)
	link := regexp.MustCompile(`http://127.0.0.1:5000(/invitation/\w+)  أحمد`).FindStringSubmatch(stdout)
	if password == nil || link == nil {
		t.Fatalf("got the password %q and the link %q, want both, in %s", password, link, stdout)
	}
	s := start(t, dir, environ)
	status, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "", `{"email":"root@example.org","password":"`+
		password[1]+`"}`)
	if status != http.StatusOK || answer["is_admin"] != true {
		t.Errorf("sign in: %d %v; want %d and is_admin true", status, answer, http.StatusOK)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+link[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Body.Close(); err != nil || page.StatusCode != http.StatusOK {
		t.Errorf("the page of the link: %d, %v; want %d, no error", page.StatusCode, err, http.StatusOK)
	}
	s.stop(t)
}

// TestSeedEmbedded checks that seed needs no settings for the embedded database, and what it refuses.
func TestSeedEmbedded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, step := range []struct{ environ, arguments, want string }{
		{"", "seed --guests 0", "Error: --guests: 0 is not a number from 1 to 100000\n"},
		{"", "seed now", "Error: unknown command"},
		{"DATABASE_URL=sqlite:///other.db", "seed", "Error: seed fills only a development database"},
		{"DATABASE_URL=postgres://localhost/x", "seed", "Error: seed fills only a development database"},
		{"", "seed --guests 1 --seed 5", "Created summer-school       1 guest, and registration is open\n"},
	} {
		stdout, stderr, _ := run(t, dir, strings.Fields(step.environ), "", strings.Fields(step.arguments)...)
		if !strings.Contains(stdout+stderr, step.want) {
			t.Errorf("%s %s: got %s%s, want %s", step.environ, step.arguments, stdout, stderr, step.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "other.db")); err == nil {
		t.Error("a database for production was created")
	}
}
