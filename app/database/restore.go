package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrInUse is the error for a database that another program has open.
var ErrInUse = errors.New("another program is using the database")

// ErrNotSQLite is the error for a file that is no SQLite database.
var ErrNotSQLite = errors.New("not a SQLite database")

// Restore replaces the database at path to by a copy of the SQLite file from, once check has found nothing wrong with
// the copy. A database that is there already is first moved to aside, with all that belongs to it; if aside is empty,
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
	case aside == "":
		return fmt.Errorf("%s is there already: %w", to, fs.ErrExist)
	}
	if err := unused(ctx, to); err != nil {
		return err
	}
	// The copy gets its name when the old database is out of the way.
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

// nothingBeside fails if a database that is gone has left files: SQLite could take them for those of the new one.
func nothingBeside(path string) error {
	for _, suffix := range besides {
		if _, err := os.Lstat(path + suffix); err == nil {
			return fmt.Errorf("%s is there without its database: perhaps a program still uses one that was moved; "+
				"stop it, and remove the file", path+suffix)
		}
	}
	return nil
}

// unused fails with ErrInUse if another connection has the database open: only the last one may leave WAL mode, which
// also moves what a crash has left in the WAL into the database. A damaged database counts as unused.
func unused(ctx context.Context, path string) error {
	err := onFile(ctx, path, func(conn *sql.Conn) error {
		for _, statement := range []string{"PRAGMA busy_timeout = 0", "PRAGMA journal_mode = DELETE"} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if Unavailable(err) {
		return ErrInUse
	}
	return nil
}

// moveAside renames a database with all that belongs to it.
func moveAside(path, aside string) error {
	if _, err := os.Lstat(aside); err == nil {
		return fmt.Errorf("%s is there already: %w", aside, fs.ErrExist)
	}
	for _, suffix := range append([]string{""}, besides...) {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
