package runner

import (
	"context"
	"time"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// retry says whether and how an attempt that lacked a lock is made again.
type retry int

const (
	never retry = iota // the attempt left something behind
	soon               // nothing was begun: poll, and report it once
	later              // it was rolled back, and others waited meanwhile: pause longer, to let them go first
)

// A revision that was rolled back waits for firstPause before the next attempt, then for twice as long each time.
const (
	firstPause   = time.Second
	longestPause = 8 * time.Second
)

// attempts calls attempt until it succeeds, fails for a reason other than a lock, or LockTimeout is over.
func (r *Runner) attempts(ctx context.Context, attempt func() (retry, error)) error {
	began := r.now()
	reported := false
	pause := firstPause
	for {
		again, err := attempt()
		holder := r.lockHolderOf(err)
		if again == soon && holder == tableHolder {
			holder = neededHolder
		}
		if holder == "" || again == never {
			return err
		}
		waited := r.now().Sub(began)
		left := r.lockTimeout() - waited
		if left <= 0 {
			return &LockError{Holder: holder, Waited: round(waited), cause: err}
		}
		wait := pollInterval
		if again == later {
			wait = min(pause, max(left, time.Millisecond))
			pause = min(2*pause, longestPause)
			r.report(Event{Kind: Waiting, Holder: holder, Again: wait})
		} else if !reported {
			reported = true
			r.report(Event{Kind: Waiting, Holder: holder})
		}
		if err := r.wait(ctx, wait); err != nil {
			return err
		}
	}
}

// round rounds a duration for messages: to seconds, or below one second to milliseconds.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}

// Descriptions of who holds a lock.
const (
	sqliteHolder = "another process is writing to the SQLite database"
	tableHolder  = "a transaction is using a table that is to be changed"
	neededHolder = "a transaction has locked a table that is needed"
	deadlock     = "another transaction took the same locks in another order, and PostgreSQL ended this one (deadlock)"
)

// lockHolderOf returns who holds the lock for which the error gave up; "" for other errors.
func (r *Runner) lockHolderOf(err error) string {
	if dialect(r.DB) == schema.SQLite {
		if code, ok := sqlite.Code(err); ok && sqlite.Primary(code) == sqlite.Busy {
			return sqliteHolder
		}
		return ""
	}
	switch hint.SQLState(err) { // the manual's appendix A
	case "55P03": // lock_not_available
		return tableHolder
	case "40P01": // deadlock_detected
		return deadlock
	}
	return ""
}
