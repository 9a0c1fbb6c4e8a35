package runner_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// guests returns a revision that creates a table with a foreign key and two indexes.
func guests() revision.Revision {
	r := create("a")
	r.Upgrade = func(m *op.Migration) {
		m.CreateTable("parties", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("guests",
			op.Column("id", op.Int(64)).PrimaryKey(),
			op.Column("party_id", op.Int(64)).NotNull(),
			op.Column("name", op.String(100)).NotNull(),
			op.Column("email", op.String(200)).NotNull(),
			op.Column("seats", op.Int(64)).NotNull().Default(1),
			op.ForeignKey("fk_guests_party", "party_id").References("parties", "id"),
		)
		m.CreateIndex("idx_guests_party_id", "guests", "party_id")
		m.CreateIndex("idx_guests_email", "guests", "email").Unique()
	}
	return r
}

// BenchmarkRebuild changes a table of a million rows in ways that make SQLite rebuild it: by the runner, and by the
// same statements on one connection with the same settings. As a second yardstick it copies the rows alone, without
// indexes and constraints. All begin with the same file and take turns; the shortest time of each counts. Go's
// allocations show that the rows do not pass through Go.
func BenchmarkRebuild(b *testing.B) {
	file := manyGuests(b)
	const seats = "`seats` integer NOT NULL DEFAULT 1"
	for name, c := range map[string]struct {
		change func(m *op.Migration)
		edit   *strings.Replacer // what the change does to the definition
	}{
		"check": {
			func(m *op.Migration) { m.AddCheck("chk_guests_seats", "guests", "seats > 0") },
			strings.NewReplacer(seats, seats+" CHECK (seats > 0)"),
		},
		"null": {
			func(m *op.Migration) { m.AlterColumn("guests", "seats").Nullable() },
			strings.NewReplacer(seats, "`seats` integer DEFAULT 1"),
		},
		"no foreign key": {
			func(m *op.Migration) { m.DropForeignKey("fk_guests_party", "guests") },
			strings.NewReplacer(",\n  CONSTRAINT `fk_guests_party` FOREIGN KEY (`party_id`) REFERENCES `parties` (`id`)", ""),
		},
	} {
		b.Run(name, func(b *testing.B) {
			changed := revision.Revision{ID: "b", DownRevision: []string{"a"}, File: "b_.go", Upgrade: c.change}
			history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{guests(), changed})
			if err != nil {
				b.Fatal(err)
			}
			shortest := map[string]time.Duration{}
			turn := func(way string, do func(path string)) {
				path := copied(b, file)
				began := time.Now()
				do(path)
				if took := time.Since(began); shortest[way] == 0 || took < shortest[way] {
					shortest[way] = took
				}
				_ = os.Remove(path)
			}
			var allocated uint64
			for b.Loop() {
				turn("copy", func(path string) {
					plainly(b, path, func(*sql.Tx) []string { return []string{"CREATE TABLE copied AS SELECT * FROM guests"} })
				})
				turn("plain", func(path string) { plainRebuild(b, path, c.edit) })
				turn("runner", func(path string) {
					db := dbtest.OpenOne(b, "sqlite:///"+path)
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					if _, err := (&runner.Runner{DB: db, History: history}).Upgrade(b.Context(), "head"); err != nil {
						b.Fatal(err)
					}
					runtime.ReadMemStats(&after)
					allocated = after.TotalAlloc - before.TotalAlloc
				})
			}
			for way, took := range shortest {
				b.ReportMetric(took.Seconds(), "s-"+way)
			}
			b.ReportMetric(shortest["runner"].Seconds()/shortest["plain"].Seconds(), "runner/plain")
			b.ReportMetric(shortest["runner"].Seconds()/shortest["copy"].Seconds(), "runner/copy")
			b.ReportMetric(float64(allocated)/1e6, "MB-allocated")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// manyGuests returns the file of a database with a million rows; with -short, with ten thousand.
func manyGuests(b *testing.B) string {
	b.Helper()
	path, rows := filepath.Join(b.TempDir(), "guests.db"), 1_000_000
	if testing.Short() {
		rows = 10_000
	}
	db, err := dbtest.Connect("sqlite:///" + path)
	if err != nil {
		b.Fatal(err)
	}
	history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{guests()})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := (&runner.Runner{DB: db, History: history}).Upgrade(b.Context(), "head"); err != nil {
		b.Fatal(err)
	}
	for _, statement := range []string{
		"INSERT INTO parties WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n",
		fmt.Sprintf(`INSERT INTO guests WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			SELECT i, 1 + i * 7919 %% 10000, 'Guest number ' || i, (i * 7919 %% 1000003) || '@example.com', 1 + i %% 5
			FROM n`, rows),
	} {
		if err := db.Exec(statement).Error; err != nil {
			b.Fatal(err)
		}
	}
	if err := dbtest.Close(db); err != nil { // takes the log into the file
		b.Fatal(err)
	}
	return path
}

// copied returns a copy of a file.
func copied(b *testing.B, path string) string {
	b.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	name := filepath.Join(b.TempDir(), "copy.db")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

// plainRebuild changes the table by hand.
func plainRebuild(b *testing.B, path string, edit *strings.Replacer) {
	b.Helper()
	plainly(b, path, func(tx *sql.Tx) []string {
		const columns = "`id`, `party_id`, `name`, `email`, `seats`"
		all := creates(b, tx)
		create := edit.Replace(all[0])
		if create == all[0] {
			b.Fatalf("nothing was changed in %s", create)
		}
		return append([]string{
			strings.Replace(create, "guests", "new_guests", 1),
			"INSERT INTO new_guests (" + columns + ") SELECT " + columns + " FROM guests",
			"DROP TABLE guests",
			"ALTER TABLE new_guests RENAME TO guests",
		}, all[1:]...)
	})
}

// plainly opens a database as the runner does, and executes statements in one transaction.
func plainly(b *testing.B, path string, statements func(tx *sql.Tx) []string) {
	b.Helper()
	db := dbtest.OpenOne(b, "sqlite:///"+path)
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := pool.ExecContext(b.Context(), "PRAGMA foreign_keys = OFF"); err != nil {
		b.Fatal(err)
	}
	tx, err := pool.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, statement := range statements(tx) {
		if _, err := tx.ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// creates returns the statements that create the table and its indexes.
func creates(b *testing.B, tx *sql.Tx) []string {
	b.Helper()
	rows, err := tx.QueryContext(b.Context(), "SELECT sql FROM sqlite_master WHERE tbl_name = 'guests' ORDER BY rowid")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			b.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return all
}
