package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// pagesAtOnce is the number of pages that a backup copies before it checks whether its context has ended.
const pagesAtOnce = 1024

// Backup copies the SQLite file at path from, which others may read and write meanwhile, to a new file at path to. It
// fails with fs.ErrExist if that file exists. The copy is the database as it is when Backup begins, in one file without
// a -wal, which only its owner can read. It gets its name once it is complete, has passed SQLite's check, and is on
// disk.
func Backup(ctx context.Context, from, to string) error {
	return copySQLite(ctx, from, to, func(string) error { return nil })
}

// copySQLite is Backup with an additional check, which is called with the path of the copy before the copy gets its
// name.
func copySQLite(ctx context.Context, from, to string, check func(path string) error) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s is there already: %w", to, fs.ErrExist)
	}
	file, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".*") // mode 0600
	if err != nil {
		return err
	}
	draft := file.Name()
	defer removeSQLite(draft)
	if err := file.Close(); err != nil {
		return err
	}
	if err := copyPages(ctx, from, draft); notSQLite(err) {
		return fmt.Errorf("%s: %w", from, ErrNotSQLite)
	} else if err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	if err := finishCopy(ctx, draft); err != nil {
		return fmt.Errorf("check the copy of %s: %w", from, err)
	}
	if err := check(draft); err != nil {
		return err
	}
	if err := syncFile(draft); err != nil {
		return err
	}
	// Unlike a rename, a link fails if another file has taken the name meanwhile; but some file systems have no links.
	if err := os.Link(draft, to); errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil {
		if err := os.Rename(draft, to); err != nil {
			return err
		}
	}
	syncDirectory(to)
	return nil
}

// copyPages copies all pages in one read transaction. Writers do not wait for it, and what they write meanwhile is not
// copied.
func copyPages(ctx context.Context, from, to string) error {
	return onFile(ctx, from, func(conn *sql.Conn) error {
		// The transaction takes its snapshot with its first query.
		for _, statement := range []string{"BEGIN DEFERRED", "SELECT count(*) FROM sqlite_schema"} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return conn.Raw(func(driver any) error {
			source, ok := driver.(interface {
				NewBackup(uri string) (*sqlite.Backup, error)
			})
			if !ok {
				return errors.New("the driver knows no backup")
			}
			backup, err := source.NewBackup(fileURI(to))
			if err != nil {
				return err
			}
			err = stepAll(ctx, backup)
			return cmp.Or(err, backup.Finish()) // which repeats the error
		})
	})
}

func stepAll(ctx context.Context, backup *sqlite.Backup) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if more, err = backup.Step(pagesAtOnce); err != nil {
			return err
		}
	}
	return nil
}

// finishCopy makes the copy a single file, and checks it.
func finishCopy(ctx context.Context, path string) error {
	return onFile(ctx, path, func(conn *sql.Conn) error {
		var result string
		if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&result); err != nil {
			return err
		}
		if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&result); err != nil {
			return err
		}
		if result != "ok" {
			return errors.New("it is damaged: " + result)
		}
		return nil
	})
}

// onFile calls do with a connection to a file, which must exist.
func onFile(ctx context.Context, path string, do func(*sql.Conn) error) error {
	pool, err := sql.Open("sqlite", fileURI(path))
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err == nil {
		err = errors.Join(do(conn), conn.Close())
	}
	return errors.Join(err, pool.Close())
}

// fileURI returns the URI with which SQLite opens a file that must exist: https://www.sqlite.org/uri.html. A file that
// cannot be written is opened read-only, and connections wait for locks.
func fileURI(path string) string {
	query := url.Values{"mode": {"rw"}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds())}}
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.Clean(path)}).EscapedPath(), RawQuery: query.Encode()}
	return name.String()
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// syncDirectory writes a file's name to disk, if the system can open directories.
func syncDirectory(path string) {
	if directory, err := os.Open(filepath.Dir(path)); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
}

// besides are the suffixes of the files that SQLite keeps next to a database file.
var besides = []string{"-wal", "-shm", "-journal"}

// removeSQLite removes a database file and the files next to it.
func removeSQLite(path string) {
	for _, suffix := range append([]string{""}, besides...) {
		_ = os.Remove(path + suffix) // most do not exist
	}
}

// File returns the path of the SQLite file that the address names; ok is false if it names none.
func File(address string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(address, "sqlite://")
	if !ok {
		return "", false
	}
	path, err := sqlitePath(rest)
	return path, err == nil && path != memory
}
