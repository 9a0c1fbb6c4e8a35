package database

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const memory = ":memory:"

// Memory is the address of a database in memory, which is lost when it is closed.
const Memory = "sqlite:///" + memory

// Missing reports whether the address is that of a SQLite file that does not exist, and that Open would create.
func Missing(address string) bool {
	rest, ok := strings.CutPrefix(address, "sqlite://")
	if !ok {
		return false
	}
	path, err := sqlitePath(rest)
	if err != nil || path == memory {
		return false
	}
	_, err = os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// patience is how long a connection that finds the database locked waits for its turn.
const patience = 5 * time.Second

// impatience is how long Open waits for the database before it logs that it is waiting.
const impatience = time.Second

// connection has the parameters of all SQLite connections of the program. Foreign keys are enforced, as on PostgreSQL.
// A connection that finds the database locked waits instead of failing (busy_timeout, milliseconds). Transactions take
// the write lock when they begin, since one that takes it later can fail without waiting
// (https://www.sqlite.org/lang_transaction.html). Times are text that SQLite's date functions understand. Commits are
// on disk before they return (synchronous): with NORMAL, a power failure could undo what a client was told is done. A
// WAL that a large transaction has made longer than 64 MiB is shortened when it starts again.
var connection = url.Values{
	"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "foreign_keys(1)", "synchronous(FULL)",
		"journal_size_limit(67108864)",
	},
	"_txlock":      {"immediate"},
	"_time_format": {"sqlite"},
	"_timezone":    {"UTC"},
}.Encode()

// openSQLite opens the file that an address names: rest is the part after sqlite://, which is "/" and a path.
func openSQLite(rest string, options Options, config *gorm.Config) (*gorm.DB, error) {
	path, err := sqlitePath(rest)
	if err != nil {
		return nil, err
	}
	if path == memory {
		options.PoolSize = 1
	} else if err := makeFile(path); err != nil {
		return nil, err
	}
	pool, err := newSQLitePool(dsn(path), options.poolSize())
	if err != nil {
		return nil, fmt.Errorf("open the SQLite database %s: %w", path, err)
	}
	if err := sayWaiting(options.Logger, path, func() error { return useWAL(pool.DB) }); err != nil {
		if Unavailable(err) {
			err = fmt.Errorf("another process is using it, waited %v for its end: %w", patience, err)
		}
		return nil, errors.Join(fmt.Errorf("open the SQLite database %s: %w", path, err), pool.close())
	}
	dialector := sqliteDialector{&gormsqlite.Dialector{Conn: pool}}
	db, err := gorm.Open(dialector, config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the SQLite database %s: %w", path, err), pool.close())
	}
	return db, nil
}

func sqlitePath(rest string) (string, error) {
	path, ok := strings.CutPrefix(rest, "/")
	if !ok || path == "" || strings.Contains(path, "?") {
		return "", errors.New("the database address is not of the form sqlite:///path or sqlite:////absolute/path")
	}
	return path, nil
}

// dsn returns the modernc driver's name for the database file.
func dsn(path string) string {
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Clean(path)}).EscapedPath(), RawQuery: connection}
	return name.String()
}

// sayWaiting logs what open waits for if it takes longer than a person watching would expect.
func sayWaiting(log *slog.Logger, path string, open func() error) error {
	if log != nil {
		waiting := time.AfterFunc(impatience, func() {
			log.Warn("waiting for another process that uses the SQLite database", "path", path)
		})
		defer waiting.Stop()
	}
	return open()
}

// useWAL lets readers work while someone writes; the setting is stored in the file. If several programs open a new
// database at the same time, SQLite refuses all but one immediately, whatever busy_timeout says, so they wait here.
func useWAL(pool *sql.DB) error {
	for end := time.Now().Add(patience); ; time.Sleep(patience / 1000) {
		_, err := pool.Exec("PRAGMA journal_mode = WAL") //nolint:noctx // Open has no context: it waits this long at most
		if err == nil || !Unavailable(err) || time.Now().After(end) {
			return err
		}
	}
}

// makeFile creates the file if it does not exist; SQLite would create it readable for others.
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the SQLite database: %w", err)
	}
	return file.Close()
}

// sqliteDialector is GORM's, except that it translates the errors of the driver in use; GORM's translates those of
// another driver.
type sqliteDialector struct{ *gormsqlite.Dialector }

// Translate implements gorm.ErrorTranslator.
func (sqliteDialector) Translate(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", gorm.ErrDuplicatedKey, err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w: %w", gorm.ErrForeignKeyViolated, err)
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return fmt.Errorf("%w: %w", gorm.ErrCheckConstraintViolated, err)
	}
	return err
}
