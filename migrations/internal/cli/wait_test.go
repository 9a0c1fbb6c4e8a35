package cli_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

func TestLockTimeoutOfNothing(t *testing.T) {
	t.Parallel()
	s := newScratch(t, dbtest.New(t))
	s.add("a", "users")
	for _, limit := range []string{"0s", "-1s"} {
		s.want("Error: --lock-timeout must be longer than 0s\n--lock-timeout 1ms does not wait;"+
			" --lock-timeout 24h waits for a day\n", "upgrade", "--lock-timeout", limit)
	}
	s.want("", "upgrade", "--lock-timeout", "500us")
}

// TestEveryAttemptIsALine uses a table during two attempts to change it. It checks that each attempt and each wait has
// a line in the log.
func TestEveryAttemptIsALine(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	s := newScratch(t, db)
	s.files["a_.go"] = &fstest.MapFile{Data: []byte("// more\n//\n// Revision ID: a\nfunc init() {\n")}
	s.env.Revisions.Register(revision.Revision{
		ID: "a", File: "a_.go", Upgrade: func(m *op.Migration) { m.SQL("ALTER TABLE t ADD COLUMN more text") },
	})
	if err := db.Exec("CREATE TABLE t (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	reader := db.Begin()
	if err := reader.Exec("SELECT * FROM t").Error; err != nil {
		t.Fatal(err)
	}
	waits := 0
	s.env.Wait = func(context.Context, time.Duration) error {
		if waits++; waits == 2 {
			reader.Rollback()
		}
		return nil
	}
	if _, err := s.run("upgrade"); err != nil {
		t.Fatal(err)
	}
	const (
		running = "INFO  [migrations] Running upgrade  -> a"
		waiting = "INFO  [migrations] Waiting: a transaction is using a table that is to be changed; trying again in "
	)
	want := []string{running, waiting + "1s", running, waiting + "2s", running}
	lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("the log is\n%s\nwant %d lines", s.log.String(), len(want))
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("line %d is %q, want %q", i, line, want[i])
		}
	}
}
