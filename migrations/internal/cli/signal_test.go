package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// The test binary is also a program that tests interrupt. argumentsVariable has its arguments, and addressVariable the
// address of its database.
const (
	argumentsVariable = "CLI_TEST_ARGUMENTS"
	addressVariable   = "CLI_TEST_ADDRESS"
)

func TestMain(m *testing.M) {
	arguments := os.Getenv(argumentsVariable)
	if arguments == "" {
		os.Exit(m.Run())
	}
	c := Command(slowProgram(os.Getenv(addressVariable)))
	c.SetArgs(strings.Fields(arguments))
	if err := c.Execute(); err != nil { // without a context, as most programs do
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Forever is a model into whose table PostgreSQL cannot insert a row before a test ends.
type Forever struct {
	ID   int64
	Size int `gorm:"not null;default:0;check:pg_sleep(600)::text <> 'x'"`
}

// slowProgram returns a program with a revision, and a model, that take longer than a test waits.
func slowProgram(address string) *Program {
	endless := map[string]string{
		"postgres": "SELECT pg_sleep(600)",
		"sqlite":   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
	}
	files := fstest.MapFS{"a_.go": {Data: []byte("// slow\n//\n// Revision ID: a\nfunc init() {\n")}}
	p := &Program{
		Environment: Environment{
			Directory: "migrations",
			Models:    []any{&Forever{}},
			Revisions: revision.NewRegistry(files),
			Table:     runner.DefaultTable,
			Open:      func(context.Context) (*gorm.DB, error) { return dbtest.Connect(address) },
		},
		Name: "db", Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Random: rand.Reader,
	}
	p.Revisions.Register(revision.Revision{ID: "a", File: "a_.go", Upgrade: func(m *op.Migration) {
		m.CreateTable("forevers", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		m.Run(func(tx *gorm.DB) error {
			fmt.Fprintln(os.Stdout, "running")
			return tx.Exec(endless[tx.Name()]).Error
		})
	}})
	return p
}

// interrupted starts the program, and interrupts it once ready returns. The program must exit by itself, and is killed
// if it takes too long.
func interrupted(t *testing.T, address string, ready func(ctx context.Context, out *bufio.Reader), arguments string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send a process an interrupt")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0])
	c.Env = append(os.Environ(), argumentsVariable+"="+arguments, addressVariable+"="+address)
	c.Dir = t.TempDir()
	if err := os.MkdirAll(filepath.Join(c.Dir, "migrations", "versions"), 0o700); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c.Stderr = &log
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ready(ctx, bufio.NewReader(out))
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("db %s exits with %v, want the status 1, not a signal:\n%s", arguments, err, log.String())
	}
}

// waitForSleep returns once a session of PostgreSQL sleeps. An interrupt before that may come too early to reach the
// server.
func waitForSleep(ctx context.Context, t *testing.T, db *gorm.DB, condition string) {
	t.Helper()
	for sleeping := false; !sleeping; {
		err := db.WithContext(ctx).Raw("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND " +
			condition + ")").Scan(&sleeping).Error
		if err != nil {
			t.Error("no session sleeps: ", err)
			return
		}
	}
}

// TestInterruptedUpgradeIsUndone interrupts an upgrade. It checks that neither a table nor a recorded id nor a lock
// remains.
func TestInterruptedUpgradeIsUndone(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	interrupted(t, address, func(ctx context.Context, out *bufio.Reader) {
		const want = "running\n"
		if line, err := out.ReadString('\n'); line != want {
			t.Errorf("it prints %q, %v; want %q", line, err, want)
		}
		if dbtest.Postgres() {
			waitForSleep(ctx, t, db, "datname = current_database()")
		}
	}, "upgrade")
	if db.Migrator().HasTable("forevers") {
		t.Error("the table still exists")
	}
	p := slowProgram(address)
	history, err := runner.NewHistory(p.Table, p.Revisions.Revisions())
	if err != nil {
		t.Fatal(err)
	}
	free := &runner.Runner{DB: db, History: history}
	if applied, err := free.Applied(t.Context()); err != nil || len(applied) > 0 {
		t.Errorf("the applied revisions are %q, %v; want none, no error", applied, err)
	}
	if _, err := free.Stamp(t.Context(), false, "a"); err != nil {
		t.Errorf("the lock is not free: %v", err)
	}
}

// TestInterruptedTrialLeavesNothing interrupts the trial of a draft on a server.
func TestInterruptedTrialLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, role := range mayTry {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, role.attributes, role.grants...)
			interrupted(t, s.url, func(ctx context.Context, _ *bufio.Reader) {
				waitForSleep(ctx, t, s.testProject.db, "usename = '"+s.role+"'")
			}, "migrate --try-on "+s.url)
			s.wantNothingLeft(t)
		})
	}
}
