package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrInUse is the error for a database that another program has open.
var ErrInUse = errors.New("another program is using the database")

// ErrNotSQLite is the error for a file that is not a SQLite database.
var ErrNotSQLite = errors.New("not a SQLite database")

// Restore replaces the database at path to with a copy of the SQLite file at path from, once check has found nothing
// wrong with the copy. An existing database is first moved to aside, with the files next to it; if aside is empty,
// Restore fails with fs.ErrExist. It fails with ErrInUse if the database is in use.
func Restore(ctx context.Context, from, to, aside string, check func(path string) error) error {
	_, err := os.Lstat(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := nothingBeside(to); err != nil {
			return err
		}
		return copySQLite(ctx, from, to, check)
	case err != nil:
		return err
	}
	if info, err := os.Stat(to); err != nil { // a link to nothing
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", to)
	}
	if aside == "" {
		return fmt.Errorf("%s is there already: %w", to, fs.ErrExist)
	}
	if err := unused(ctx, to); err != nil {
		return err
	}
	// The copy gets its name once the old database is out of the way.
	draft := to + ".restoring"
	removeSQLite(draft)
	if err := copySQLite(ctx, from, draft, check); err != nil {
		return err
	}
	defer removeSQLite(draft)
	if err := moveAside(to, aside); err != nil {
		return err
	}
	if err := os.Rename(draft, to); err != nil {
		return err
	}
	syncDirectory(to)
	return nil
}

// nothingBeside fails if a removed database has left files behind, which SQLite could take for those of the new one.
func nothingBeside(path string) error {
	for _, suffix := range besides {
		if _, err := os.Lstat(path + suffix); err == nil {
			return fmt.Errorf("%s is there without its database: perhaps a program still uses one that was moved; "+
				"stop it, and remove the file", path+suffix)
		}
	}
	return nil
}

// unused fails with ErrInUse if another connection has the database open: only the last connection can leave WAL mode,
// which also moves into the database what a crash has left in the WAL. A damaged database counts as unused.
func unused(ctx context.Context, path string) error {
	err := onFile(ctx, path, func(conn *sql.Conn) error {
		for _, statement := range []string{"PRAGMA busy_timeout = 0", "PRAGMA journal_mode = DELETE"} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	switch lite, ok := errors.AsType[*sqlite.Error](err); {
	case ok && (lite.Code()&0xff == sqlite3.SQLITE_BUSY || lite.Code()&0xff == sqlite3.SQLITE_LOCKED):
		return ErrInUse
	case Unavailable(err), ctx.Err() != nil:
		return fmt.Errorf("find out whether a program uses %s: %w", path, err)
	}
	return nil
}

// moveAside renames a database. On a file system with hard links, it also keeps the old name until another file takes
// it, so that a restore killed halfway leaves a database in place.
func moveAside(path, aside string) error {
	if _, err := os.Lstat(aside); err == nil {
		return fmt.Errorf("%s is there already: %w", aside, fs.ErrExist)
	}
	suffixes := besides
	if os.Link(path, aside) != nil {
		suffixes = append([]string{""}, besides...)
	}
	for _, suffix := range suffixes {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
