package runner_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"

	"gorm.io/gorm"

	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// Tests run the test binary as helper processes, several at the same time, and kill them: helperVariable says what a
// helper does, addressVariable on which database.
const (
	helperVariable  = "RUNNER_TEST_HELPER"
	addressVariable = "RUNNER_TEST_ADDRESS"
)

func TestMain(m *testing.M) {
	what, argument, _ := strings.Cut(os.Getenv(helperVariable), ": ")
	if what == "" {
		os.Exit(m.Run())
	}
	if err := help(what, argument, os.Getenv(addressVariable)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func help(what, argument, address string) error {
	revisions := map[string][]revision.Revision{"twenty": twenty(), "hold": {holding()}, "kill": killed(),
		"kill batches": killedBatches(), "batches": counted(400, addOne)}[what]
	db, err := dbtest.Connect(address)
	for isBusy(err) { // GORM's driver queries SQLite's version, and waits only if the URL says so
		db, err = dbtest.Connect(address)
	}
	if err == nil && strings.HasPrefix(what, "kill") {
		statements, _ := strconv.Atoi(argument)
		db, err = openHooked(db, address, killAfter(statements))
	}
	if err != nil {
		return err
	}
	history, err := runner.NewHistory(runner.DefaultTable, revisions)
	if err != nil {
		return err
	}
	r := runner.Runner{DB: db, History: history, Report: printEvent}
	_, err = r.Upgrade(context.Background(), "head")
	return err
}

func isBusy(err error) bool {
	code, ok := sqlite.Code(err)
	return ok && sqlite.Primary(code) == sqlite.Busy
}

// printEvent prints events for the test to read.
func printEvent(e runner.Event) {
	switch e.Kind {
	case runner.Waiting:
		fmt.Fprintln(os.Stdout, "waiting:", e.Holder)
	case runner.Noted:
		fmt.Fprintln(os.Stdout, "noted:", e.Text)
	case runner.Started:
	case runner.Finished:
		fmt.Fprintln(os.Stdout, "ran", e.Step.Revision)
	}
}

// helper returns the command of a helper process.
func helper(t *testing.T, address, what string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), helperVariable+"="+what, addressVariable+"="+address)
	return c
}

// twenty returns a history that must not run twice: a repeated data step or concurrent index would show.
func twenty() []revision.Revision {
	revisions := []revision.Revision{create("r00")}
	for i := 1; i < 20; i++ {
		revisions = append(revisions, create(fmt.Sprintf("r%02d", i), fmt.Sprintf("r%02d", i-1)))
	}
	revisions[7].Upgrade = func(m *op.Migration) {
		m.CreateTable("t_r07", op.Column("note", op.Text()))
		m.Run(func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_r07 (note) VALUES ('once')").Error })
	}
	revisions[13].Upgrade = func(m *op.Migration) {
		m.CreateIndex("idx_r13", "t_r07", "note").Concurrently()
	}
	revisions[13].Downgrade = func(m *op.Migration) { m.DropIndex("idx_r13", "t_r07") }
	return revisions
}

// holding returns a revision that runs until its process is killed.
func holding() revision.Revision {
	r := create("held")
	r.Upgrade = func(m *op.Migration) {
		m.Run(func(*gorm.DB) error {
			fmt.Fprintln(os.Stdout, "holding")
			_, err := io.Copy(io.Discard, os.Stdin)
			return errors.Join(errors.New("the helper was not killed"), err)
		})
	}
	return r
}

// startHolder starts a process that takes the lock, and returns once the process holds it.
func startHolder(t *testing.T, address string) (kill func()) {
	t.Helper()
	c := helper(t, address, "hold")
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "holding\n" {
		t.Fatalf("got %q and error %v from the holder, want \"holding\"", line, err)
	}
	return func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = stdin.Close()
	}
}
