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

// ErrInUse is a database that another program has open.
var ErrInUse = errors.New("another program is using the database")

// Restore puts a copy of the SQLite file from in the place of the database at path to, once check has found nothing
// wrong with the copy. Where there is a database already, it is first moved to aside, with all that belongs to it, or,
// if aside is empty, left where it is: the error is fs.ErrExist then. One that is in use is not moved: ErrInUse.
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
	// It gets its name only when the other has left.
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

// nothingBeside refuses what a database that is gone has left: SQLite could take it for another one's.
func nothingBeside(path string) error {
	for _, suffix := range besides {
		if _, err := os.Lstat(path + suffix); err == nil {
			return fmt.Errorf("%s is there without its database: perhaps a program still uses one that was moved; "+
				"stop it, and remove the file", path+suffix)
		}
	}
	return nil
}

// unused reports ErrInUse where another connection has the database open: only the last one may leave WAL. What a crash
// left in the WAL is in the database's file then. A damaged database counts as unused.
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

// moveAside gives a database another name. Where the file system knows links, it keeps its old one too, until another file takes
// that: a restore that is killed halfway leaves a database in place.
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
