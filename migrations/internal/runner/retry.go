package runner

import (
	"context"
	"time"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// retry is whether, and how, an attempt that failed for want of a lock is made again.
type retry int

const (
	never retry = iota // something is left of it
	soon               // nothing was begun: waiting is cheap, and said once
	later              // what was begun is undone, and others waited meanwhile: they get a turn first
)

// A revision that was undone waits for firstPause before the next attempt, then for twice as long each time.
const (
	firstPause   = time.Second
	longestPause = 8 * time.Second
)

// attempts makes an attempt and, where it failed for want of a lock, makes it again as it says until the time is over.
func (r *Runner) attempts(ctx context.Context, attempt func() (retry, error)) error {
	began := r.now()
	reported := false
	pause := firstPause
	for {
		again, err := attempt()
		holder := r.lackedLock(err)
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
		wait := poll
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

// round is for people: whole seconds, unless that would be none.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}

// What is known of who holds the locks that statements wait for.
const (
	sqliteHolder = "another process is writing to the SQLite database"
	tableHolder  = "a transaction is using a table that is to be changed"
	neededHolder = "a transaction has locked a table that is needed"
	deadlock     = "another transaction took the same locks in another order, and PostgreSQL ended this one (deadlock)"
)

// lackedLock returns who holds the lock that was not to be had in time; empty if the error is another.
func (r *Runner) lackedLock(err error) string {
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
