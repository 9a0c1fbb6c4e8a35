package runner_test

import (
	"errors"
	"fmt"
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

// TestStatementsWhileReading checks that every way to execute a statement is rejected on PostgreSQL while the step
// reads rows, and works on SQLite.
func TestStatementsWhileReading(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(tx *gorm.DB) error{
		"execute":     func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_seen (id) VALUES (1)").Error },
		"query a row": func(tx *gorm.DB) error { var n int; return tx.Raw("SELECT 1").Row().Scan(&n) },
		"query rows":  func(tx *gorm.DB) error { var n int; return tx.Raw("SELECT 1").Scan(&n).Error },
		"prepare":     func(tx *gorm.DB) error { return prepare(tx, "SELECT 1") },
		"a transaction": func(tx *gorm.DB) error {
			return tx.Transaction(func(tx *gorm.DB) error { return tx.Exec("SELECT 1").Error })
		},
		"several at once": func(tx *gorm.DB) error { return tx.Exec("SELECT 1; SELECT 2").Error },
	} {
		for _, outside := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, NoTransaction %t", name, outside), func(t *testing.T) {
				t.Parallel()
				db := dbtest.New(t)
				var while, after error
				reading := steps("read", func(tx *gorm.DB) error {
					while = whileReading(tx, do)
					after = do(tx)
					return nil
				})
				reading.DownRevision, reading.NoTransaction = []string{"seen"}, outside
				r := newRunner(t, db, create("seen"), reading)
				if _, err := r.Upgrade(t.Context(), "seen"); err != nil {
					t.Fatal(err)
				}
				execute(t, db, "INSERT INTO t_seen (id) VALUES (7), (8), (9)")
				if _, err := r.Upgrade(t.Context(), "read"); err != nil {
					t.Error(err)
				}
				rejected := while != nil && strings.Contains(while.Error(), "read them all first")
				if onSQLite := db.Name() == "sqlite"; rejected == onSQLite || onSQLite && while != nil {
					t.Errorf("while reading: got error %v, want one only on PostgreSQL, to read the rows first", while)
				}
				if executed := name == "execute" && db.Name() == "sqlite"; after != nil && !executed {
					t.Errorf("after reading: got error %v, want none", after)
				}
			})
		}
	}
}

// whileReading calls do after it has read the first row of several.
func whileReading(tx *gorm.DB, do func(tx *gorm.DB) error) (err error) {
	rows, err := tx.Raw("SELECT id FROM t_seen").Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close(), rows.Err()) }()
	rows.Next()
	return do(tx)
}

// prepare prepares a statement on the connection of tx and closes it.
func prepare(tx *gorm.DB, query string) (err error) {
	statement, err := tx.Statement.ConnPool.PrepareContext(tx.Statement.Context, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	return nil
}
