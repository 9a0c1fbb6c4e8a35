package cli_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestBackupWhileServing makes backups while people register, and serves each backup in its own directory. It checks
// that an account that was created before the backup began can sign in there.
func TestBackupWhileServing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, []string{"LIMIT_REGISTER=off"})
	var registered atomic.Int64
	writing, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for writing.Err() == nil {
				n := registered.Add(1)
				body := fmt.Sprintf(`{"email":"user%d@example.org","password":"123456"}`, n)
				if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", body); status != http.StatusCreated {
					t.Errorf("while the backup was made: %d %v; want %d", status, answer, http.StatusCreated)
					return
				}
			}
		})
	}
	for round := range 2 {
		last := fmt.Sprintf(`{"email":"before%d@example.org","password":"123456"}`, round)
		if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", last); status != http.StatusCreated {
			t.Fatalf("register: %d %v; want %d", status, answer, http.StatusCreated)
		}
		if _, stderr, code := run(t, dir, nil, "", "backup", fmt.Sprintf("backup%d.db", round)); code != 0 ||
			!strings.Contains(stderr, "Back up instance/secret_key too") {
			t.Fatalf("backup: %d, %s; want %d and %q", code, stderr, 0, "Back up instance/secret_key too")
		}
	}
	_, stderr, code := run(t, dir, nil, "", "restore", "backup0.db", "--force")
	if want := "Error: another program is using instance/guestlist.db\nstop it first\n"; code != 1 || stderr != want {
		t.Errorf("restore while it serves: %d, %s; want %d, %s", code, stderr, 1, want)
	}
	stop()
	writers.Wait()
	s.stop(t)
	for round := range 2 {
		fresh := t.TempDir()
		stdout, stderr, code := run(t, fresh, nil, "", "restore", filepath.Join(dir, fmt.Sprintf("backup%d.db", round)))
		want := "Restored instance/guestlist.db from "
		if code != 0 || !strings.HasPrefix(stdout, want) || stderr != "" {
			t.Fatalf("restore: %d, %s%s; want %d and no more than %q", code, stdout, stderr, 0, want)
		}
		r := start(t, fresh, nil)
		last := fmt.Sprintf(`{"email":"before%d@example.org","password":"123456"}`, round)
		if status, answer := r.call(t, http.MethodPost, "/api/v1/authenticate", "", last); status != http.StatusOK {
			t.Errorf("round %d: sign in with the account from before: %d %v; want %d", round, status, answer, http.StatusOK)
		}
		r.stop(t)
		if _, stderr, code := run(t, fresh, nil, "", "db", "check", "--database"); code != 0 {
			t.Errorf("db check: %d, %s; want %d", code, stderr, 0)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	newer, other, rubbish := filepath.Join(dir, "newer.db"), filepath.Join(dir, "other.db"),
		filepath.Join(dir, "rubbish.db")
	if err := os.WriteFile(rubbish, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := run(t, dir, nil, "", "backup", "x.db"); code != 1 ||
		!strings.Contains(stderr, "there is no database in instance/guestlist.db yet") {
		t.Errorf("without a database: %d, %s; want %d and %q", code, stderr, 1,
			"there is no database in instance/guestlist.db yet")
	}
	if _, stderr, code := run(t, dir, nil, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	for _, name := range []string{newer, other} {
		if _, stderr, code := run(t, dir, nil, "", "backup", name); code != 0 {
			t.Fatalf("backup %s: %d, %s; want %d", name, code, stderr, 0)
		}
	}
	change(t, newer, "INSERT INTO migrations VALUES ('0123456789ab')")
	change(t, other, "DELETE FROM migrations")
	const server = "DATABASE_URL=postgres://guestlist:canary@db.example.org/guestlist?sslmode=require"
	for _, test := range []struct {
		command, environ, want string
	}{
		{"backup", "", "backup needs one FILE"},
		{"backup a b", "", "backup needs one FILE"},
		{"backup " + newer, "", newer + " already exists\nname a new file"},
		{"backup nowhere/x.db", "", "nowhere"},
		{"restore " + newer, "", "instance/guestlist.db already exists\n--force renames it"},
		{"restore nothing.db", "", "there is no file nothing.db"},
		{"restore --force " + newer, "", "does not know its revision 0123456789ab\nrestore it with the version"},
		{"restore --force " + other, "", "is not a database of this program"},
		{"restore --force " + rubbish, "",
			"Error: " + rubbish + " is not a SQLite database\nname a file created by guestlist backup"},
		{"backup x.dump", server,
			"run: pg_dump --format=custom --file=x.dump " +
				"--dbname='postgres://guestlist@db.example.org/guestlist?sslmode=require' ("},
		{"restore x.dump", server, "run: pg_restore "},
		{"backup x", "DATABASE_URL=sqlite:///:memory:", "cannot backup a database in memory"},
	} {
		_, stderr, code := run(t, dir, []string{test.environ}, "", strings.Fields(test.command)...)
		if code != 1 || !strings.HasPrefix(stderr, "Error: ") || !strings.Contains(stderr, test.want) ||
			strings.Contains(stderr, "canary") {
			t.Errorf("%s: %d, %s, want %s", test.command, code, stderr, test.want)
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir, "instance")); err != nil || len(left) != 1 {
		t.Errorf("the directory instance contains %v, %v; want one file, no error", left, err)
	}
	stdout, _, code := run(t, dir, nil, "", "restore", "--force", newer+"x")
	if code != 1 {
		t.Errorf("restore --force of a missing file: %d, %s; want %d", code, stdout, 1)
	}
}

// TestRestoreThroughLink checks that restore replaces the file that a link leads to, which may be on another disk, and
// leaves the link alone.
func TestRestoreThroughLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	disk, link := filepath.Join(dir, "disk.db"), filepath.Join(dir, "instance", "guestlist.db")
	if _, stderr, code := run(t, dir, nil, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	if _, stderr, code := run(t, dir, nil, "", "backup", "backup.db"); code != 0 {
		t.Fatalf("backup: %d, %s; want %d", code, stderr, 0)
	}
	if err := errors.Join(os.Rename(link, disk), os.Symlink("../disk.db", link)); err != nil {
		t.Fatal(err)
	}
	change(t, disk, "DELETE FROM migrations")
	stdout, stderr, code := run(t, dir, nil, "", "restore", "--force", "backup.db")
	if code != 0 ||
		!strings.Contains(stdout, "Restored disk.db from backup.db.\nThe previous database is in disk.db.before-") {
		t.Fatalf("%d, %s%s; want %d and %q", code, stdout, stderr, 0,
			"Restored disk.db from backup.db.\nThe previous database is in disk.db.before-")
	}
	if target, err := os.Readlink(link); err != nil || target != "../disk.db" {
		t.Errorf("the link leads to %s, %v; want %s, no error", target, err, "../disk.db")
	}
	if _, stderr, code := run(t, dir, nil, "", "db", "check", "--database"); code != 0 {
		t.Errorf("db check: %d, %s; want %d", code, stderr, 0)
	}
}
