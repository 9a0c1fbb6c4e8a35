package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// sqliteHolder is all that SQLite tells about who holds its write lock.
const sqliteHolder = "another process is writing to the SQLite database"

// aloneSQLite prepares a connection on which every transaction begins with the write lock (the driver's option
// _txlock=immediate); other programs may get it between two revisions. Foreign keys are off until the end, since
// rebuilding a table would otherwise delete the rows that point at it, and the setting cannot change in a transaction.
func (r *Runner) aloneSQLite(ctx context.Context, conn *gorm.DB, do func(*gorm.DB) error) (err error) {
	restore, err := setPragmas(conn, pragma{"foreign_keys", 0}, pragma{"busy_timeout", int(poll / time.Millisecond)})
	defer func() {
		if restored := restore(context.WithoutCancel(ctx)); err == nil {
			err = restored
		}
	}()
	if err != nil {
		return err
	}
	return do(conn)
}

// pragma is a setting of a SQLite connection.
type pragma struct {
	name  string
	value int
}

func (p pragma) set(conn *gorm.DB) error {
	if err := conn.Exec(fmt.Sprintf("PRAGMA %s = %d", p.name, p.value)).Error; err != nil {
		return fmt.Errorf("set SQLite's %s: %w", p.name, err)
	}
	return nil
}

// setPragmas sets settings and returns a function that sets them back.
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
		if err := conn.Raw("PRAGMA " + p.name).Scan(&was.value).Error; err != nil {
			return restore, fmt.Errorf("read SQLite's %s: %w", p.name, err)
		}
		before = append(before, was)
		if err := p.set(conn); err != nil {
			return restore, err
		}
	}
	return restore, nil
}

// retryBusy makes an attempt and, where it did not begin since SQLite's write lock could not be had, makes it again
// until the time is over. SQLite itself does the waiting in between.
func (r *Runner) retryBusy(ctx context.Context, attempt func() (begun bool, err error)) error {
	began := r.now()
	told := false
	for {
		begun, err := attempt()
		if err == nil || begun || !isBusy(err) {
			return err
		}
		if waited := r.now().Sub(began); waited >= r.lockTimeout() {
			return &LockError{Holder: sqliteHolder, Waited: waited.Round(time.Second)}
		}
		if !told {
			told = true
			r.report(Event{Kind: Waiting, Holder: sqliteHolder})
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// isBusy knows SQLITE_BUSY, whichever driver reports it (https://www.sqlite.org/rescode.html#busy).
func isBusy(err error) bool {
	var failure interface {
		error
		Code() int
	}
	return errors.As(err, &failure) && failure.Code()&0xff == 5
}

// DanglingError is rows that point at rows which are not there.
type DanglingError struct {
	Table, Parent string
	Rows          int
}

func (e *DanglingError) Error() string {
	return fmt.Sprintf("%d rows of %s point at rows of %s that are not there", e.Rows, e.Table, e.Parent)
}

// checkForeignKeys makes up for the foreign keys that are off on SQLite: a broken one undoes the revision.
func checkForeignKeys(tx *gorm.DB) error {
	if dialect(tx) != schema.SQLite {
		return nil
	}
	var broken []DanglingError
	err := tx.Raw("SELECT \"table\", parent, count(*) AS \"rows\" FROM pragma_foreign_key_check" +
		" GROUP BY 1, 2 ORDER BY 1, 2").Scan(&broken).Error
	if err != nil {
		return fmt.Errorf("check the foreign keys: %w", err)
	}
	if len(broken) > 0 {
		return &broken[0]
	}
	return nil
}
