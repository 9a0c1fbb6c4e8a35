package runner_test

import (
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

// BenchmarkBatches fills a column of many rows in batches: by the runner, and by a plain loop of UPDATE … BETWEEN that
// knows the ids and stores no progress. They take turns, and the shortest time of each counts.
func BenchmarkBatches(b *testing.B) {
	const rows, size = 100_000, 1000
	fill := func(m *op.Migration) {
		m.BatchesSQL("t_rows", size, "UPDATE t_rows SET n = n + 1 WHERE {rows}")
	}
	ways := map[string]func(b *testing.B, db *gorm.DB){
		"plain": func(b *testing.B, db *gorm.DB) {
			b.Helper()
			for from := 1; from <= rows; from += size {
				err := db.Exec("UPDATE t_rows SET n = n + 1 WHERE id BETWEEN ? AND ?", 3*from, 3*(from+size-1)).Error
				if err != nil {
					b.Fatal(err)
				}
			}
		},
		"runner": func(b *testing.B, db *gorm.DB) {
			b.Helper()
			history, err := runner.NewHistory(runner.DefaultTable, counted(rows, fill))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := (&runner.Runner{DB: db, History: history}).Upgrade(b.Context(), "head"); err != nil {
				b.Fatal(err)
			}
		},
	}
	shortest := map[string]time.Duration{}
	for b.Loop() {
		for way, walk := range ways {
			db := dbtest.OpenOne(b, dbtest.URL(b))
			history, err := runner.NewHistory(runner.DefaultTable, counted(rows, fill))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := (&runner.Runner{DB: db, History: history}).Upgrade(b.Context(), "rows"); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			walk(b, db)
			if took := time.Since(began); shortest[way] == 0 || took < shortest[way] {
				shortest[way] = took
			}
			var filled int
			if db.Raw("SELECT count(*) FROM t_rows WHERE n = 1").Scan(&filled); filled != rows {
				b.Fatalf("%s: got %d rows filled, want %d", way, filled, rows)
			}
		}
	}
	for way, took := range shortest {
		b.ReportMetric(float64(took.Microseconds())/1000/(rows/size), fmt.Sprintf("ms/batch-%s", way))
	}
	b.ReportMetric(0, "ns/op")
}
