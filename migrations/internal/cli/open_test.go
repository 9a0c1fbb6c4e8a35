package cli_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// TestOpeningAFileThatSomebodyReads runs a program that sets the journal mode when it opens a file. It checks that it
// waits until a reader of the file has finished.
func TestOpeningAFileThatSomebodyReads(t *testing.T) {
	t.Parallel()
	address := dbtest.SQLiteURL(t)
	plain := dbtest.OpenOne(t, address+"?")
	if err := plain.Exec("CREATE TABLE t (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	reader := plain.Begin()
	if err := reader.Exec("SELECT * FROM t").Error; err != nil {
		t.Fatal(err)
	}
	s := newScratch(t, nil)
	s.env.Open = func(context.Context) (*gorm.DB, error) {
		pool, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:///"))
		if err == nil {
			_, err = pool.Exec("PRAGMA journal_mode = WAL")
		}
		if err != nil {
			return nil, err
		}
		_ = pool.Close()
		return dbtest.Open(t, address), nil
	}
	s.env.Wait = func(context.Context, time.Duration) error {
		reader.Rollback()
		return nil
	}
	s.add("a", "users")
	if _, err := s.run("upgrade"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.log.String(), "INFO  [migrations] Waiting: another process is using the SQLite database") {
		t.Errorf("the log is %s", s.log.String())
	}
}
