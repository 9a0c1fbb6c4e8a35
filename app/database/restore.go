package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrInUse is a database that another program has open.
var ErrInUse = errors.New("another program is using the database")

// ErrNotSQLite is a file that is no SQLite database.
var ErrNotSQLite = errors.New("not a SQLite database")

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
	case aside == "":
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
	if Unavailable(err) {
		return ErrInUse
	}
	return nil
}

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
