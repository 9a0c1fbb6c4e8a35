package runner_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

func TestBatchesOfNoRows(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	r := newRunner(t, db, counted(1, func(m *op.Migration) {
		m.SQL("DELETE FROM t_rows")
		m.Batches("t_rows", 4, func(*gorm.DB, op.Batch) error { return errStopped })
	})...)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "rows", "walk")
	wantCounted(t, db, "t_rows", 0, 1)
}

// TestBatchesOfChangingTable adds a row at the end and one at the beginning with each of nine batches, and deletes a
// row of the current batch.
func TestBatchesOfChangingTable(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	batches := 0
	r := newRunner(t, db, counted(8, func(m *op.Migration) {
		m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
			if batches++; batches < 10 {
				insert := tx.Exec("INSERT INTO t_rows (id) VALUES (?), (?)", 1000+batches, -batches)
				remove := tx.Exec("DELETE FROM t_rows WHERE id = 12")
				if insert.Error != nil || remove.Error != nil {
					return fmt.Errorf("%w, %w", insert.Error, remove.Error)
				}
			}
			return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error
		})
	})...)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	var once, never int64
	db.Raw("SELECT count(*) FROM t_rows WHERE n = 1").Scan(&once)
	db.Raw("SELECT count(*) FROM t_rows WHERE n = 0").Scan(&never)
	// The first batch has no lower bound, so it includes the first row added at the beginning.
	if once != 7+9+1 || never != 8 {
		t.Errorf("got %d rows updated once and %d never, want 17 and 8", once, never)
	}
}

// TestBatchesCommit checks from another connection that each batch commits its rows.
func TestBatchesCommit(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db, other := dbtest.Open(t, address), dbtest.Open(t, address)
	var seen []int64
	r := newRunner(t, db, counted(10, func(m *op.Migration) {
		m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
			seen = append(seen, updatedRows(t, other))
			return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error
		})
	})...)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if want := []int64{0, 4, 8}; !slices.Equal(seen, want) {
		t.Errorf("the other connection saw %d updated rows, want %d", seen, want)
	}
}

// TestSessionIsResetAfterEachBatch changes settings in each batch that would hide the table of progress and the next
// rows.
func TestSessionIsResetAfterEachBatch(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	r := newRunner(t, db, counted(23, func(m *op.Migration) {
		m.BatchesSQLFor("t_rows", 4, op.Dialects{
			Postgres: "UPDATE t_rows SET n = n + 1 WHERE {rows}; SET search_path TO ''; SET ROLE pg_monitor;" +
				" CREATE TEMP TABLE t_rows (id int); CREATE TEMP TABLE migrations_batches (id int)",
			SQLite: "UPDATE t_rows SET n = n + 1 WHERE {rows}; CREATE TEMP TABLE t_rows (id int);" +
				" CREATE TEMP TABLE migrations_batches (id int); PRAGMA ignore_check_constraints = 1",
		})
	})...)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "rows", "walk")
	wantCounted(t, db, "t_rows", 23, 1)
}

// TestBatchesCheckForeignKeys checks that SQLite rejects what PostgreSQL does, and still enforces foreign keys after
// the run.
func TestBatchesCheckForeignKeys(t *testing.T) {
	t.Parallel()
	for want, step := range map[string]string{
		"FOREIGN KEY constraint failed":    "UPDATE t_pointers SET row_id = 1 WHERE {rows}",
		"":                                 "UPDATE t_pointers SET row_id = 9 WHERE {rows}",
		"reference missing rows of t_rows": "DELETE FROM t_rows",
	} {
		db := dbtest.OpenOne(t, dbtest.URL(t))
		r := newRunner(t, db, counted(6, func(m *op.Migration) {
			m.CreateTable("t_pointers", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("row_id", op.Int(64)),
				op.ForeignKey("fk", "row_id").References("t_rows", "id"))
			m.SQL("INSERT INTO t_pointers (id, row_id) VALUES (1, 3), (2, 6), (3, 3)")
			if strings.Contains(step, "{rows}") {
				m.BatchesSQL("t_pointers", 2, step)
			} else {
				addOne(m)
				m.SQL(step)
			}
		})...)
		_, err := r.Upgrade(t.Context(), "head")
		if db.Name() == "postgres" && want != "" {
			want = "foreign key"
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", step, err, want)
		}
		var enforced bool
		if db.Name() == "sqlite" && (db.Raw("PRAGMA foreign_keys").Scan(&enforced).Error != nil || !enforced) {
			t.Errorf("got foreign_keys %v, want true", enforced)
		}
	}
}

// TestBatchesRejectNullKeys walks rows with NULL in the primary key, which only SQLite allows.
func TestBatchesRejectNullKeys(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, dbtest.SQLiteURL(t))
	r := newRunner(t, db, counted(1, func(m *op.Migration) {
		m.CreateTable("t_named", op.Column("a", op.Text()), op.Column("b", op.Text()), op.PrimaryKey("a", "b"))
		m.SQL("INSERT INTO t_named VALUES ('x', 'y'), ('x', NULL)")
		m.BatchesSQL("t_named", 1, "SELECT {rows}")
	})...)
	_, err := r.Upgrade(t.Context(), "head")
	if want := "the primary key of t_named is NULL in some rows"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// TestBatchesReport checks the progress that batches of 0.4 seconds each report.
func TestBatchesReport(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	clock := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	r := newRunner(t, db, counted(23, func(m *op.Migration) {
		m.Batches("t_rows", 2, func(tx *gorm.DB, rows op.Batch) error {
			clock = clock.Add(400 * time.Millisecond)
			return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error
		})
	})...)
	if _, err := r.Upgrade(t.Context(), "rows"); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	r.Now = func() time.Time { return clock }
	var got []string
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Progressed {
			got = append(got, fmt.Sprint(e.Step.Revision, " ", e.Table, " ", e.Rows, " ", e.Of, " ", e.Took))
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	want := []string{"walk t_rows 6 23 1.2s", "walk t_rows 12 23 2.4s", "walk t_rows 18 23 3.6s", "walk t_rows 23 23 4.8s"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBatchesWaitForARow locks a row of the second batch in another transaction.
func TestBatchesWaitForARow(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one lock for all tables")
	}
	db := dbtest.New(t)
	r := newRunner(t, db, counted(23, addOne)...)
	if _, err := r.Upgrade(t.Context(), "rows"); err != nil {
		t.Fatal(err)
	}
	other := db.Begin(&sql.TxOptions{})
	if err := other.Exec("SELECT * FROM t_rows WHERE id = 18 FOR UPDATE").Error; err != nil {
		t.Fatal(err)
	}
	r.TableLockTimeout = time.Millisecond
	waited := 0
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Waiting {
			waited++
			other.Rollback()
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if waited != 1 {
		t.Errorf("got %d waits, want 1", waited)
	}
	wantCounted(t, db, "t_rows", 23, 1)
}

// TestLongNameOfBatches uses a table of ids whose name has the maximal length.
func TestLongNameOfBatches(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	name := "x" + strings.Repeat("ä", 31)
	history, err := runner.NewHistory(name, counted(23, stopAfter(1)))
	if err != nil {
		t.Fatal(err)
	}
	r := &runner.Runner{DB: db, History: history}
	_, err = r.Upgrade(t.Context(), "head")
	if want := "x" + strings.Repeat("ä", 27) + "_batches"; err == nil || !strings.Contains(hint.Of(err), want) {
		t.Errorf("got error %v (%s), want a hint with %q", err, hint.Of(err), want)
	}
	if r.History, err = runner.NewHistory(name, counted(23, addOne)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 1)
}
