package runner

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/session"
)

// DefaultLockTimeout is how long a run waits for another to end.
const DefaultLockTimeout = time.Minute

// Runner changes a database. DB and History must be set; the rest has defaults.
type Runner struct {
	DB      *gorm.DB
	History *History
	// Trial runs on a database that no program will use, and that may lack functions which the program's own has: a
	// default that it cannot compute is no error.
	Trial bool
	// Report receives progress events.
	Report func(Event)
	// LockTimeout is how long to wait for another migration to end, or for a table that is in use; 0 means
	// DefaultLockTimeout.
	LockTimeout time.Duration
	// TableLock is how long a statement may wait for a table on PostgreSQL before the revision is undone and tried
	// again, until LockTimeout is over; 0 means two seconds. It is never longer than LockTimeout.
	TableLock time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Wait returns after the duration or, with its error, when the context ends; nil means a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// EventKind is what happened.
type EventKind int

// The kinds of events.
const (
	// Waiting is reported when another program holds a lock; Holder says which. It is reported once, or, if a revision
	// was undone for want of it, each time: Again is how long until the next attempt.
	Waiting EventKind = iota
	// Started is the beginning of a step.
	Started
	// Progressed is reported once a second or less while a step walks a Table in batches: Rows are done, Of about how
	// many, 0 if that is not known, and the walk Took so long until now.
	Progressed
	// Finished is the end of a step; Took is how long it took.
	Finished
	// Noted is something found on the way; Text says what.
	Noted
	// Warned is Noted for what is probably a mistake.
	Warned
)

// Event is something that happened during a run.
type Event struct {
	Kind   EventKind
	Step   graph.Step
	Took   time.Duration
	Holder string
	Again  time.Duration
	Text   string
	Table  string
	Rows   int64
	Of     int64
}

// Pace thins out the events of a walk for a log, to one in ten seconds. The zero value is ready to use.
type Pace struct{ last time.Duration }

// Due reports whether the event is to be written.
func (p *Pace) Due(e Event) bool {
	const often = 10 * time.Second
	if sameWalk := e.Took >= p.last; sameWalk && e.Took < p.last+often || e.Took < often {
		return false
	}
	p.last = e.Took
	return true
}

// Upgrade applies what leads to the targets and is not applied yet. The plan that it returns was made under the lock:
// on PostgreSQL it is what was done, on SQLite another program may have done some of it.
func (r *Runner) Upgrade(ctx context.Context, targets ...string) (graph.Plan, error) {
	return r.run(ctx, func(applied []string) (graph.Plan, error) {
		return r.History.Graph.Upgrade(applied, targets...)
	})
}

// Downgrade undoes the revisions above the target.
func (r *Runner) Downgrade(ctx context.Context, target string) (graph.Plan, error) {
	return r.run(ctx, func(applied []string) (graph.Plan, error) {
		return r.History.Graph.Downgrade(applied, target)
	})
}

// run makes a plan for the applied ids and carries it out, under the lock.
func (r *Runner) run(ctx context.Context, planFor func(applied []string) (graph.Plan, error)) (graph.Plan, error) {
	var plan graph.Plan
	err := r.withMigrationLock(ctx, func(conn *gorm.DB) error {
		version, applied, err := r.readApplied(ctx, conn)
		if err != nil {
			return err
		}
		if plan, err = planFor(applied); err != nil {
			return err
		}
		if err := r.noteMissing(applied); err != nil || len(plan.Steps) == 0 {
			return err
		}
		before, err := r.History.SchemaAt(applied)
		if err != nil {
			return err
		}
		if err := r.History.rehearse(before, plan.Steps); err != nil {
			return err // now, and not half way
		}
		err = r.attempts(ctx, func() (retry, error) { return soon, r.History.checkHalfDone(conn, plan.Steps) })
		if err != nil {
			return err
		}
		e := run{Runner: r, conn: conn, version: version, schema: before}
		return e.steps(ctx, plan.Steps)
	})
	return plan, err
}

// Applied returns the ids recorded as applied, sorted; none if their table does not exist. It waits where SQLite, or
// the table, is locked.
func (r *Runner) Applied(ctx context.Context) (applied []string, err error) {
	err = r.Read(ctx, func(tx *gorm.DB) error {
		applied, err = r.History.applied(tx)
		return err
	})
	return applied, err
}

// Read has do read from the database, again where what it reads is locked, until LockTimeout is over.
func (r *Runner) Read(ctx context.Context, do func(tx *gorm.DB) error) error {
	return r.attempts(ctx, func() (retry, error) { return soon, session.WithLockTimeout(ctx, r.DB, r.tableLock(), do) })
}

// readApplied returns the applied ids and the version of the data they are from. On SQLite in rollback-journal mode,
// nobody can read while another program commits.
func (r *Runner) readApplied(ctx context.Context, conn *gorm.DB) (version int64, applied []string, err error) {
	err = r.attempts(ctx, func() (retry, error) {
		if version, err = dataVersion(conn); err == nil {
			applied, err = r.History.applied(conn)
		}
		return soon, err
	})
	return version, applied, err
}

// noteMissing reports revisions that were written into the history below one that was applied before: they count as
// applied and are not run.
func (r *Runner) noteMissing(applied []string) error {
	missing, err := r.History.Graph.Missing(applied)
	for _, id := range missing {
		r.report(Event{Kind: Noted,
			Text: fmt.Sprintf("revision %s (%s) is not recorded, but what builds on it is: it is not run",
				id, r.History.revisions[id].File)})
	}
	return err
}

func (r *Runner) report(e Event) {
	if r.Report != nil {
		r.Report(e)
	}
}

func (r *Runner) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Runner) wait(ctx context.Context, d time.Duration) error {
	if r.Wait != nil {
		return r.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Runner) tableLock() time.Duration {
	return min(cmp.Or(r.TableLock, 2*time.Second), r.lockTimeout())
}

func (r *Runner) lockTimeout() time.Duration {
	if r.LockTimeout == 0 {
		return DefaultLockTimeout
	}
	return r.LockTimeout
}
