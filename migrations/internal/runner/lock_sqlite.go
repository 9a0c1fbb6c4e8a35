package runner

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// busyTimeout is how long SQLite itself waits for a lock, in milliseconds. It is short, so that the program can report
// that it waits.
const busyTimeout = 100

// withPragmas prepares a SQLite connection and restores it afterwards. The lock is the write lock that every
// transaction begins with (see begin); other programs may take it between two revisions. Each revision sets
// foreign_keys for itself.
func (r *Runner) withPragmas(ctx context.Context, conn *gorm.DB, do func(*gorm.DB) error) (err error) {
	restore, err := setPragmas(conn, pragma{"foreign_keys", "0"}, pragma{"busy_timeout", strconv.Itoa(busyTimeout)})
	defer func() { err = errors.Join(err, restore(context.WithoutCancel(ctx))) }()
	if err != nil {
		return err
	}
	return do(conn)
}

// pragma is a setting of a SQLite connection.
type pragma struct {
	name, value string
}

func (p pragma) set(conn *gorm.DB) error {
	if err := conn.Exec("PRAGMA " + p.name + " = " + p.value).Error; err != nil {
		return fmt.Errorf("set SQLite's %s: %w", p.name, err)
	}
	return nil
}

func (p *pragma) read(conn *gorm.DB) error {
	if err := conn.Raw("PRAGMA " + p.name).Scan(&p.value).Error; err != nil {
		return fmt.Errorf("read SQLite's %s: %w", p.name, err)
	}
	return nil
}

// setPragmas applies settings and returns a function that restores the old ones.
func setPragmas(conn *gorm.DB, settings ...pragma) (restore func(context.Context) error, err error) {
	var before []pragma
	restore = func(ctx context.Context) error {
		var failed error
		for _, p := range before {
			failed = errors.Join(failed, p.set(conn.WithContext(ctx)))
		}
		return failed
	}
	for _, p := range settings {
		was := pragma{name: p.name}
		if err := was.read(conn); err != nil {
			return restore, err
		}
		before = append(before, was)
		if err := p.set(conn); err != nil {
			return restore, err
		}
	}
	return restore, nil
}

// dataVersion returns a number that changes when another program writes to the SQLite database; zero on PostgreSQL.
func dataVersion(conn *gorm.DB) (version int64, err error) {
	if dialect(conn) != schema.SQLite {
		return 0, nil
	}
	err = conn.Statement.ConnPool.QueryRowContext(conn.Statement.Context, "PRAGMA data_version").Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("look for changes to the SQLite database: %w", err)
	}
	return version, nil
}
