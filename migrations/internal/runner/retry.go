package runner

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// attempts makes an attempt and, where it failed for want of a lock and left nothing behind, makes it again until the
// time is over. The attempt tells whether anything it began is undone.
func (r *Runner) attempts(ctx context.Context, attempt func() (undone bool, err error)) error {
	began := r.now()
	told := false
	for {
		undone, err := attempt()
		holder := lackedLock(err)
		if holder == "" || !undone {
			return err
		}
		if waited := r.now().Sub(began); waited >= r.lockTimeout() {
			return &LockError{Holder: holder, Waited: waited.Round(time.Second), cause: err}
		}
		if !told {
			told = true
			r.report(Event{Kind: Waiting, Holder: holder})
		}
		if err := r.wait(ctx, poll); err != nil {
			return err
		}
	}
}

// What is known of who holds the locks that statements wait for.
const (
	sqliteHolder = "another process is writing to the SQLite database"
	tableHolder  = "a transaction is using a table that is to be changed"
)

// lackedLock tells whether an error means that a lock was not to be had in time, and who had it.
func lackedLock(err error) string {
	// SQLITE_BUSY, whichever driver reports it: https://www.sqlite.org/rescode.html#busy
	if failure, ok := errors.AsType[interface {
		error
		Code() int
	}](err); ok && failure.Code()&0xff == 5 {
		return sqliteHolder
	}
	// lock_not_available: the manual's appendix A
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok && failure.Code == "55P03" {
		return tableHolder
	}
	return ""
}
