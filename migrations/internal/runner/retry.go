package runner

import (
	"context"
	"time"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// attempts makes an attempt and, where it failed for want of a lock and left nothing behind, makes it again until the
// time is over. The attempt reports whether anything it began is undone.
func (r *Runner) attempts(ctx context.Context, attempt func() (undone bool, err error)) error {
	began := r.now()
	reported := false
	for {
		undone, err := attempt()
		holder := r.lackedLock(err)
		if holder == "" || !undone {
			return err
		}
		if waited := r.now().Sub(began); waited >= r.lockTimeout() {
			return &LockError{Holder: holder, Waited: waited.Round(time.Second), cause: err}
		}
		if !reported {
			reported = true
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

// lackedLock returns who holds the lock that was not to be had in time; empty if the error is another.
func (r *Runner) lackedLock(err error) string {
	if dialect(r.DB) == schema.SQLite {
		if code, ok := sqlite.Code(err); ok && sqlite.Primary(code) == sqlite.Busy {
			return sqliteHolder
		}
		return ""
	}
	if hint.SQLState(err) == "55P03" { // lock_not_available: the manual's appendix A
		return tableHolder
	}
	return ""
}
