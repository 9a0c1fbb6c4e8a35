package runner_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

func TestEightProcessesAtOnce(t *testing.T) {
	t.Parallel()
	testEightProcesses(t, dbtest.URL(t))
}

// TestEightProcessesOnPlainSQLite opens the database without options: with a rollback journal, and connections that do
// not wait for a lock.
func TestEightProcessesOnPlainSQLite(t *testing.T) {
	t.Parallel()
	testEightProcesses(t, dbtest.SQLiteURL(t)+"?")
}

func testEightProcesses(t *testing.T, address string) {
	t.Helper()
	var group sync.WaitGroup
	outputs := make([]string, 8)
	for i := range outputs {
		c := helper(t, address, "twenty")
		group.Go(func() {
			out, err := c.CombinedOutput()
			outputs[i] = string(out)
			if err != nil {
				t.Errorf("process %d: %v\n%s", i, err, out)
			}
		})
	}
	group.Wait()
	ran := map[string]int{}
	for line := range strings.Lines(strings.Join(outputs, "")) {
		if id, ok := strings.CutPrefix(line, "ran "); ok {
			ran[strings.TrimSpace(id)]++
		}
	}
	db := dbtest.Open(t, address)
	var want []string
	for _, r := range twenty() {
		want = append(want, r.ID)
		if ran[r.ID] != 1 {
			t.Errorf("revision %s: got %d runs, want 1", r.ID, ran[r.ID])
		}
	}
	wantApplied(t, db, want...)
	var notes int64
	if err := db.Table("t_r07").Count(&notes).Error; err != nil || notes != 1 {
		t.Errorf("got %d rows of the data step and error %v, want 1", notes, err)
	}
}

func TestHolderIsReported(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	kill := startHolder(t, address)
	defer kill()
	r := newRunner(t, db, create("a"))
	var holder string
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Waiting {
			holder = e.Holder
			kill()
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	want := "another process is writing to the SQLite database"
	if db.Name() == "postgres" {
		want = "another migration is running: PostgreSQL process [1-9][0-9]+ \\(migrations test\\) " +
			"from (127.0.0.1|a local socket), connected since 20"
	}
	if !regexp.MustCompile("^" + want).MatchString(holder) {
		t.Errorf("got holder %q, want %q", holder, want)
	}
	wantApplied(t, db, "a")
}

func TestLockTimeout(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	defer startHolder(t, address)()
	r := newRunner(t, db, create("a"))
	clock := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	r.Now = func() time.Time {
		clock = clock.Add(20 * time.Second)
		return clock
	}
	waits := 0
	r.Wait = func(context.Context, time.Duration) error {
		waits++
		return nil
	}
	var locked *runner.LockError
	_, err := r.Upgrade(t.Context(), "head")
	if want := "gave up after 1m0s: another "; !errors.As(err, &locked) || !strings.HasPrefix(err.Error(), want) {
		t.Fatalf("got error %v, want a LockError %q", err, want)
	}
	if locked.Waited != time.Minute || waits != 2 {
		t.Errorf("got %v in %d waits, want 1m in 2", locked.Waited, waits)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	defer startHolder(t, address)()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRunner(t, db, create("a"))
	r.Report = func(runner.Event) { cancel() }
	if _, err := r.Upgrade(ctx, "head"); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}

// TestWaiterFindsNothingToDo starts a second runner, which waits until the first has done everything.
func TestWaiterFindsNothingToDo(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	waiting, done := make(chan struct{}), make(chan struct{})
	slow := create("a")
	slow.Upgrade = func(m *op.Migration) {
		m.Run(func(*gorm.DB) error {
			<-waiting
			return nil
		})
	}
	first := newRunner(t, dbtest.Open(t, address), slow)
	began := make(chan struct{})
	first.Report = func(e runner.Event) {
		if e.Kind == runner.Started {
			close(began)
		}
	}
	second := newRunner(t, dbtest.Open(t, address), create("a"))
	second.Report = func(e runner.Event) {
		if e.Kind != runner.Waiting {
			t.Errorf("got event %+v of the second, want Waiting only", e)
		}
		close(waiting)
	}
	second.Wait = func(context.Context, time.Duration) error {
		<-done
		return nil
	}
	go func() {
		defer close(done)
		if _, err := first.Upgrade(context.Background(), "head"); err != nil {
			t.Error(err)
		}
	}()
	<-began
	if _, err := second.Upgrade(t.Context(), "head"); err != nil {
		t.Error(err)
	}
}

// TestTableInUse makes the first attempt fail, because a transaction reads the table; the next succeeds.
func TestTableInUse(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	grow := create("b", "a")
	grow.Upgrade = func(m *op.Migration) {
		m.Run(func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_a (id) VALUES (1)").Error })
		m.AddColumn("t_a", op.Column("more", op.Text()))
	}
	r := newRunner(t, db, create("a"), grow)
	if _, err := r.Upgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	reader := db.Begin()
	if err := reader.Exec("SELECT * FROM t_a").Error; err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout = time.Millisecond
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Waiting {
			reader.Rollback()
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "a", "b")
	var limit string
	if db.Raw("SELECT string_agg(setting, ',') FROM pg_settings WHERE name = 'lock_timeout'").Scan(&limit); limit != "0" {
		t.Errorf("got lock_timeout %s, want 0", limit)
	}
}
