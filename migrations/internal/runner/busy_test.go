package runner_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// TestWritingWhileReading writes on the connection whose rows a step reads: SQLite allows it, PostgreSQL's protocol
// does not.
func TestWritingWhileReading(t *testing.T) {
	t.Parallel()
	for _, outside := range []bool{false, true} {
		db := dbtest.New(t)
		loop := steps("b", func(tx *gorm.DB) error {
			rows, err := tx.Raw("SELECT id FROM t_a").Rows()
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				if err := tx.Exec("CREATE TABLE IF NOT EXISTS seen (id integer)").Error; err != nil {
					return err
				}
			}
			return rows.Err()
		})
		loop.DownRevision, loop.NoTransaction = []string{"a"}, outside
		r := newRunner(t, db, create("a"), loop)
		if _, err := r.Upgrade(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		execute(t, db, "INSERT INTO t_a (id) VALUES (1), (2)")
		_, err := r.Upgrade(t.Context(), "b")
		if db.Name() == "sqlite" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "read them all first") {
			t.Errorf("NoTransaction %v: got %v, want an error that says to read the rows first", outside, err)
		}
	}
}
