package database_test

import (
	"database/sql"
	"os"
	"strings"
	"testing"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// TestMaintainAnalyses checks that the statistics of a table are updated after it has grown.
func TestMaintainAnalyses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{dbtest.SQLiteURL(t), database.Memory} {
		db := dbtest.Open(t, address, database.Options{})
		if err := db.AutoMigrate(&word{}); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ first, last int }{{1, 100}, {101, 5000}} {
			exec(t, db, words(step.first, step.last))
			if err := database.Maintain(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			var known string
			err := db.Raw("SELECT stat FROM sqlite_stat1 WHERE idx = 'idx_words_text'").Row().Scan(&known)
			digits := len("100")
			if step.last > 100 {
				digits = len("1000")
			}
			if rows, _, _ := strings.Cut(known, " "); err != nil || len(rows) < digits {
				t.Errorf("with %d rows: got %q, %v; want a first number of %d digits or more, no error", step.last, known, err,
					digits)
			}
		}
	}
}

// TestMaintainShortensTheWAL checks that Maintain empties a WAL that has become long because a transaction was reading
// during many writes.
func TestMaintainShortensTheWAL(t *testing.T) {
	t.Parallel()
	address := dbtest.SQLiteURL(t)
	db := dbtest.Open(t, address, database.Options{})
	exec(t, db, "CREATE TABLE large (id integer PRIMARY KEY, data blob)")
	exec(t, db, "INSERT INTO large (data) VALUES (x'00'), (x'01')")
	size := func() int64 {
		info, err := os.Stat(strings.TrimPrefix(address, "sqlite:///") + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	reader := db.Begin(&sql.TxOptions{ReadOnly: true})
	if err := reader.Exec("SELECT count(*) FROM large").Error; err != nil {
		t.Fatal(err)
	}
	for range 35 {
		exec(t, db, "INSERT INTO large (data) VALUES (zeroblob(2000000))")
	}
	long := size()
	if err := reader.Rollback().Error; err != nil {
		t.Fatal(err)
	}
	if err := database.Maintain(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	const least = 64_000_000
	if short := size(); long < least || short != 0 {
		t.Errorf("got %d bytes, and then %d; want %d or more, and then %d", long, short, least, 0)
	}
}

// TestMaintainPostgres checks that Maintain returns no error on PostgreSQL, where it has nothing to do.
func TestMaintainPostgres(t *testing.T) {
	t.Parallel()
	if err := database.Maintain(t.Context(), dbtest.New(t)); err != nil {
		t.Error(err)
	}
}
