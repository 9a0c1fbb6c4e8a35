package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrNoDriver is returned if the program has no SQLite driver.
var ErrNoDriver = errors.New("the program has no SQLite driver: import one, such as modernc.org/sqlite")

// drivers are the names that SQLite drivers register: the first by modernc.org/sqlite and glebarez/go-sqlite, the
// second by mattn/go-sqlite3 and ncruces/go-sqlite3.
var drivers = []string{"sqlite", "sqlite3"}

// memory is the DSN of an empty in-memory database. The options make modernc.org/sqlite write times as text that
// SQLite's date functions understand; the other drivers do so by default, and drivers and SQLite ignore unknown options
// (https://www.sqlite.org/uri.html).
const memory = "file::memory:?_time_format=sqlite&_timezone=UTC"

// Memory opens an empty in-memory database on a single connection, with a driver that the program imports. Foreign keys
// are on, and nothing is logged. The caller closes it. Memory returns ErrNoDriver if there is no driver.
func Memory() (*gorm.DB, error) {
	failed := ErrNoDriver
	for _, name := range drivers {
		if !slices.Contains(sql.Drivers(), name) {
			continue
		}
		db, err := openMemory(name)
		if err == nil {
			return db, nil
		}
		failed = err // mattn/go-sqlite3 registers itself even without cgo, and fails here
	}
	return nil, failed
}

func openMemory(driver string) (*gorm.DB, error) {
	pool, err := sql.Open(driver, memory)
	if err != nil {
		return nil, fmt.Errorf("open a database in memory: %w", err)
	}
	pool.SetMaxOpenConns(1) // each connection is a separate database
	_, err = pool.ExecContext(context.Background(), "PRAGMA foreign_keys = ON")
	if err == nil {
		var db *gorm.DB
		if db, err = Open(pool); err == nil {
			return db, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("open a database in memory: %w", err), pool.Close())
}

// Open returns a GORM database that executes statements on conn and logs nothing.
func Open(conn gorm.ConnPool) (*gorm.DB, error) {
	return gorm.Open(Dialector{Conn: conn}, &gorm.Config{Logger: logger.Discard, DisableAutomaticPing: true})
}
