package runner_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

var errStopped = errors.New("stopped")

// stopAfter walks t_rows in batches of four and fails after that many batches.
func stopAfter(batches int) func(m *op.Migration) {
	return func(m *op.Migration) {
		left := batches
		m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
			if err := tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error; err != nil || left > 0 {
				left--
				return err
			}
			return errStopped
		})
	}
}

// stopped returns a database whose walk through 23 rows failed after two batches.
func stopped(t *testing.T) *gorm.DB {
	t.Helper()
	db := dbtest.New(t)
	if _, err := newRunner(t, db, counted(23, stopAfter(2))...).Upgrade(t.Context(), "head"); !errors.Is(err, errStopped) {
		t.Fatalf("got error %v, want %v", err, errStopped)
	}
	return db
}

func updatedRows(t *testing.T, db *gorm.DB) (rows int64) {
	t.Helper()
	if err := db.Raw("SELECT coalesce(sum(n), 0) FROM t_rows").Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestBatchesResumeAfterError(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, more := range []int{0, 2, 1, 0} {
		_, err := newRunner(t, db, counted(23, stopAfter(more))...).Upgrade(t.Context(), "head")
		var failed *runner.BatchesError
		if !errors.Is(err, errStopped) || !errors.As(err, &failed) {
			t.Fatalf("got error %v, want %v", err, errStopped)
		}
		if text := failed.Hint(); !strings.Contains(text, "{db} upgrade resumes there") ||
			!strings.Contains(text, "migrations_batches") {
			t.Errorf("got hint %q, want one with the command and the table", text)
		}
	}
	wantApplied(t, db, "rows")
	if n := updatedRows(t, db); n != 12 {
		t.Errorf("got %d rows updated, want 12", n)
	}
	var notes []string
	r := newRunner(t, db, counted(23, addOne)...)
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Noted {
			notes = append(notes, e.Text)
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 1)
	want := []string{"revision walk resumes where it stopped: 12 rows of t_rows are done"}
	if !slices.Equal(notes, want) {
		t.Errorf("got notes %q, want %q", notes, want)
	}
}

// TestBatchesNoteWhatIsDone resumes after one operation and after two.
func TestBatchesNoteWhatIsDone(t *testing.T) {
	t.Parallel()
	for want, columns := range map[string][]string{
		"revision walk resumes where it stopped: 1 operation is done, and 8 rows of t_rows are done":   {"a"},
		"revision walk resumes where it stopped: 2 operations are done, and 8 rows of t_rows are done": {"a", "b"},
	} {
		db := dbtest.New(t)
		revisions := counted(23, func(m *op.Migration) {
			for _, name := range columns {
				m.AddColumn("t_rows", op.Column(name, op.Text()))
			}
			stopAfter(2)(m)
		})
		r := newRunner(t, db, revisions...)
		var notes []string
		r.Report = func(e runner.Event) {
			if e.Kind == runner.Noted {
				notes = append(notes, e.Text)
			}
		}
		for range 2 {
			if _, err := r.Upgrade(t.Context(), "head"); !errors.Is(err, errStopped) {
				t.Errorf("got error %v, want %v", err, errStopped)
			}
		}
		if !slices.Equal(notes, []string{want}) {
			t.Errorf("got notes %q, want %q", notes, want)
		}
	}
}

func TestBatchesResumeDowngrade(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	revisions := counted(23, addOne)
	if _, err := newRunner(t, db, revisions...).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	back := revisions[1].Downgrade
	left := 3
	revisions[1].Downgrade = func(m *op.Migration) {
		m.Batches("t_rows", 7, func(tx *gorm.DB, rows op.Batch) error {
			if left--; left < 0 {
				return errStopped
			}
			return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n - 1")).Error
		})
	}
	if _, err := newRunner(t, db, revisions...).Downgrade(t.Context(), "rows"); !errors.Is(err, errStopped) {
		t.Fatalf("got error %v, want %v", err, errStopped)
	}
	wantApplied(t, db, "rows", "walk")
	if n := updatedRows(t, db); n != 2 {
		t.Errorf("got %d rows still updated, want 2", n)
	}
	revisions[1].Downgrade = back
	if _, err := newRunner(t, db, revisions...).Downgrade(t.Context(), "rows"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 0)
	wantApplied(t, db, "rows")
}

func TestBatchesRejectChangedWalk(t *testing.T) {
	t.Parallel()
	more := func(m *op.Migration) { m.AddColumn("t_rows", op.Column("more", op.Text())) }
	const refused = "operation 1 does not walk t_rows, of which 8 rows are done"
	for name, c := range map[string]struct {
		source func(m *op.Migration)
		want   string
	}{
		"one before":    {func(m *op.Migration) { more(m); addOne(m) }, refused},
		"another table": {func(m *op.Migration) { m.BatchesSQL("t_other", 4, "SELECT 1 WHERE {rows}"); addOne(m) }, refused},
		"none":          {more, "it has no batches, but 8 rows of t_rows are done"},
		"one after":     {func(m *op.Migration) { addOne(m); more(m) }, ""},
		"larger": {func(m *op.Migration) {
			m.BatchesSQL("t_rows", 100, "UPDATE t_rows SET n = n + 1 WHERE {rows}")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := stopped(t)
			revisions := append(counted(23, c.source), create("other", "rows"))
			revisions[1].DependsOn = []string{"other"}
			_, err := newRunner(t, db, revisions...).Upgrade(t.Context(), "walk")
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				wantCounted(t, db, "t_rows", 23, 1)
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(hint.Of(err), "DELETE FROM migrations_batches") {
				t.Errorf("got %v (%s), want %q", err, hint.Of(err), c.want)
			}
			if n := updatedRows(t, db); n != 8 {
				t.Errorf("got %d rows updated, want 8", n)
			}
		})
	}
}

func TestBatchesRejectChangedOperations(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	with := func(operations ...string) []revision.Revision {
		return counted(23, func(m *op.Migration) {
			for _, name := range operations {
				m.AddColumn("t_rows", op.Column(name, op.Text()))
			}
			stopAfter(1)(m)
		})
	}
	if _, err := newRunner(t, db, with("a", "b")...).Upgrade(t.Context(), "head"); !errors.Is(err, errStopped) {
		t.Fatal(err)
	}
	_, err := newRunner(t, db, with("a", "c")...).Upgrade(t.Context(), "head")
	want := `operation 2 is "add column t_rows.c text", but "add column t_rows.b text" was done`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	none := func(m *op.Migration) { m.BatchesSQL("t_rows", 1, "SELECT {rows}") }
	_, err = newRunner(t, db, counted(23, none)...).Upgrade(t.Context(), "head")
	if want := "operation 1 is "; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestBatchesNeedNoTransaction checks that batches in a transaction are rejected before anything runs.
func TestBatchesNeedNoTransaction(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	revisions := counted(3, addOne)
	revisions[1].NoTransaction = false
	concurrent := counted(3, func(m *op.Migration) {
		addOne(m)
		m.CreateIndex("idx", "t_rows", "n").Concurrently()
	})
	for want, history := range map[string][]revision.Revision{
		"revision walk (walk_.go): batches commit as they go, but the revision is one transaction": revisions,
		"revision walk (walk_.go): create index idx on t_rows (n): a concurrent operation":         concurrent,
	} {
		r := newRunner(t, db, history...)
		plan, err := r.History.Graph.Upgrade(nil, "head")
		if err != nil {
			t.Fatal(err)
		}
		_, upgrade := r.Upgrade(t.Context(), "head")
		_, onPostgres := r.History.Script(schema.Postgres, nil, plan)
		_, onSQLite := r.History.Script(schema.SQLite, nil, plan)
		for what, err := range map[string]error{
			"upgrade": upgrade, "rehearsal": r.History.Rehearse(nil, plan), "PostgreSQL": onPostgres, "SQLite": onSQLite,
		} {
			if err == nil || !strings.HasPrefix(err.Error(), want) || hint.Of(err) == "" {
				t.Errorf("%s: got %v (%s), want %q", what, err, hint.Of(err), want)
			}
		}
		if db.Migrator().HasTable("t_rows") {
			t.Error("got table t_rows, want nothing run")
		}
	}
}

// TestBatchesRejectMissingOperations stops in the second of two walks, and then leaves out the second, or both.
func TestBatchesRejectMissingOperations(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	first := func(m *op.Migration) { m.BatchesSQL("t_rows", 10, "UPDATE t_rows SET n = n + 0 WHERE {rows}") }
	both := counted(23, func(m *op.Migration) { first(m); stopAfter(2)(m) })
	if _, err := newRunner(t, db, both...).Upgrade(t.Context(), "head"); !errors.Is(err, errStopped) {
		t.Fatalf("got error %v, want %v", err, errStopped)
	}
	for want, walk := range map[string]func(m *op.Migration){
		"operation 2 does not walk t_rows, of which 8 rows are done": first,
		"operation 1 is ": func(m *op.Migration) { m.BatchesSQL("t_rows", 10, "SELECT 1 WHERE {rows}") },
	} {
		_, err := newRunner(t, db, counted(23, walk)...).Upgrade(t.Context(), "head")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	walked := counted(23, func(m *op.Migration) { first(m); first(m); stopAfter(2)(m) })
	db = dbtest.New(t)
	if _, err := newRunner(t, db, walked...).Upgrade(t.Context(), "head"); !errors.Is(err, errStopped) {
		t.Fatalf("got error %v, want %v", err, errStopped)
	}
	_, err := newRunner(t, db, counted(23, first)...).Upgrade(t.Context(), "head")
	if want := "it has 1 operations, but 2 are done"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// TestBatchesThatIgnoreRejection ends the transaction in Go code that ignores the error: the batch fails all the same.
func TestBatchesThatIgnoreRejection(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	_, err := newRunner(t, db, counted(23, func(m *op.Migration) {
		m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
			if err := tx.Table("t_rows").Where(rows).Update("n", 1).Error; err != nil {
				return err
			}
			_ = tx.Exec("COMMIT").Error
			return nil
		})
	})...).Upgrade(t.Context(), "head")
	if want := "COMMIT"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
	wantApplied(t, db, "rows")
	if n := updatedRows(t, db); n != 0 {
		t.Errorf("got %d rows updated, want 0", n)
	}
}

func TestBatchesRejectCommit(t *testing.T) {
	t.Parallel()
	for _, upgrade := range []func(m *op.Migration){
		func(m *op.Migration) { m.BatchesSQL("t_rows", 4, "UPDATE t_rows SET n = n + 1 WHERE {rows}; COMMIT") },
		func(m *op.Migration) { addOne(m); m.SQL("COMMIT") },
	} {
		db := dbtest.New(t)
		_, err := newRunner(t, db, counted(23, upgrade)...).Upgrade(t.Context(), "head")
		if err == nil || !strings.Contains(err.Error(), "COMMIT in the SQL of a revision") ||
			strings.Contains(hint.Of(err), "register") {
			t.Errorf("got %v (%s), want COMMIT rejected, without the hint to register NoTransaction", err, hint.Of(err))
		}
	}
}

// TestStampEndsBatches finishes a walk by hand and stamps it, which must delete its progress.
func TestStampEndsBatches(t *testing.T) {
	t.Parallel()
	db := stopped(t)
	if err := db.Exec("UPDATE t_rows SET n = 1").Error; err != nil {
		t.Fatal(err)
	}
	r := newRunner(t, db, counted(23, addOne)...)
	if _, err := r.Stamp(t.Context(), false, "head"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 1)
	if _, err := r.Downgrade(t.Context(), "rows"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 1)
}

// TestAnotherProgramResumesBatches runs another program on the same SQLite database between two batches.
func TestAnotherProgramResumesBatches(t *testing.T) {
	t.Parallel()
	for name, another := range map[string]func(m *op.Migration){
		"to the end": addOne, "a batch": stopAfter(1), "none": stopAfter(0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.SQLiteURL(t)
			first := newRunner(t, dbtest.Open(t, address), counted(23, addOne)...)
			second := newRunner(t, dbtest.Open(t, address), counted(23, another)...)
			waits, finished := 0, 0
			first.Wait = func(ctx context.Context, _ time.Duration) error {
				waits++
				if _, err := second.Upgrade(ctx, "head"); err != nil && !errors.Is(err, errStopped) {
					t.Error(err)
				}
				return nil
			}
			first.Report = func(e runner.Event) {
				if e.Kind == runner.Finished && e.Step.Revision == "walk" {
					finished++
				}
			}
			if _, err := first.Upgrade(t.Context(), "head"); err != nil {
				t.Fatal(err)
			}
			if waits == 0 || finished != 1 {
				t.Errorf("got %d waits and %d finished events, want some and 1", waits, finished)
			}
			wantCounted(t, first.DB, "t_rows", 23, 1)
		})
	}
}
