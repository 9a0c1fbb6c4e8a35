package runner_test

import (
	"fmt"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// counted returns a history of two revisions: the first creates a table of rows, and the batches of the second, walk,
// count in n how often each row was updated.
func counted(rows int, walk func(m *op.Migration)) []revision.Revision {
	table := create("rows")
	table.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_rows", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("n", op.Int(64)).NotNull().Default(0))
		m.SQL(fillRows(rows))
	}
	batches := revision.Revision{
		ID: "walk", DownRevision: []string{"rows"}, File: "walk_.go", NoTransaction: true,
		Upgrade:   walk,
		Downgrade: func(m *op.Migration) { m.BatchesSQL("t_rows", 7, "UPDATE t_rows SET n = n - 1 WHERE {rows}") },
	}
	return []revision.Revision{table, batches}
}

func fillRows(rows int) string {
	return fmt.Sprintf("INSERT INTO t_rows (id) WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s "+
		"WHERE i < %d) SELECT i * 3 FROM s", rows)
}

func addOne(m *op.Migration) {
	m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
		return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error
	})
}

// wantCounted checks that each of the rows was updated that many times, and that the progress is deleted.
func wantCounted(t *testing.T, db *gorm.DB, table string, rows int64, times int) {
	t.Helper()
	var all, right int64
	if err := db.Table(table).Count(&all).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Table(table).Where("n = ?", times).Count(&right).Error; err != nil {
		t.Fatal(err)
	}
	if all != rows || right != rows {
		t.Errorf("got %d rows, %d of them updated %d times, want all %d", all, right, times, rows)
	}
	if db.Migrator().HasTable("migrations_batches") {
		t.Error("got a table migrations_batches, want none")
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	for name, walk := range map[string]func(m *op.Migration){
		"code":  addOne,
		"text":  func(m *op.Migration) { m.BatchesSQL("t_rows", 5, "UPDATE t_rows SET n = n + 1 WHERE {rows}") },
		"exact": func(m *op.Migration) { m.BatchesSQL("t_rows", 23, "UPDATE t_rows SET n = n + 1 WHERE {rows}") },
		"raw": func(m *op.Migration) {
			m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
				return tx.Exec("UPDATE t_rows SET n = n + ? WHERE ?", 1, rows).Error
			})
		},
		"several statements, a mark twice": func(m *op.Migration) {
			m.BatchesSQL("t_rows", 5, "UPDATE t_rows SET n = n + 2 WHERE {rows}; UPDATE t_rows SET n = n - 1"+
				" WHERE {rows} AND id IN (SELECT id FROM t_rows WHERE {rows}) AND '?' <> '$1'")
		},
		"with others": func(m *op.Migration) {
			m.AddColumn("t_rows", op.Column("more", op.Int(64)))
			m.BatchesSQL("t_rows", 5, "UPDATE t_rows SET more = 1 WHERE {rows}")
			m.AlterColumn("t_rows", "more").NotNull()
			m.SQL("UPDATE t_rows SET n = n + more")
			m.DropColumn("t_rows", "more")
		},
		"not on this database": func(m *op.Migration) {
			m.BatchesSQLFor("t_rows", 5, op.Dialects{Postgres: "UPDATE t_rows SET n = n + 1 WHERE {rows}"})
			m.BatchesSQLFor("t_rows", 5, op.Dialects{SQLite: "UPDATE t_rows SET n = n + 1 WHERE {rows}"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			r := newRunner(t, db, counted(23, walk)...)
			for range 2 {
				if _, err := r.Upgrade(t.Context(), "head"); err != nil {
					t.Fatal(err)
				}
				wantApplied(t, db, "rows", "walk")
				wantCounted(t, db, "t_rows", 23, 1)
				if _, err := r.Downgrade(t.Context(), "rows"); err != nil {
					t.Fatal(err)
				}
				wantApplied(t, db, "rows")
				wantCounted(t, db, "t_rows", 23, 0)
			}
		})
	}
}

// TestDowngradeOfHalfDoneBatches checks that a downgrade has nothing to revert, and that the batches can still be
// completed.
func TestDowngradeOfHalfDoneBatches(t *testing.T) {
	t.Parallel()
	db := stopped(t)
	r := newRunner(t, db, counted(23, addOne)...)
	plan, err := r.Downgrade(t.Context(), "rows")
	if err != nil || len(plan.Steps) > 0 {
		t.Errorf("got %d steps and error %v, want none", len(plan.Steps), err)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantCounted(t, db, "t_rows", 23, 1)
}
