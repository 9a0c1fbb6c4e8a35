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

// DefaultLockTimeout is how long a run waits for another migration.
const DefaultLockTimeout = time.Minute

// Runner changes a database. DB and History must be set; the rest has defaults.
type Runner struct {
	DB      *gorm.DB
	History *History
	// Trial is set for a scratch database, which may lack the program's own functions: a default that it cannot compute is
	// not an error.
	Trial bool
	// Report receives progress events.
	Report func(Event)
	// LockTimeout is how long to wait for another migration, or for a table in use; 0 means DefaultLockTimeout.
	LockTimeout time.Duration
	// TableLockTimeout is how long a statement may wait for a table on PostgreSQL before the revision is rolled back and
	// tried again, until LockTimeout is over; 0 means two seconds. It never exceeds LockTimeout.
	TableLockTimeout time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Wait returns after the duration, or with the context's error when that ends; nil means a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// EventKind is the kind of an Event.
type EventKind int

// The kinds of events.
const (
	// Waiting is reported when another program holds a lock; Holder describes it. It is reported once, or, if a revision
	// was rolled back for lack of the lock, each time: Again is then the time until the next attempt.
	Waiting EventKind = iota
	// Started is the beginning of a step.
	Started
	// Progressed is reported at most once a second while a step walks Table in batches: Rows are done of about Of, 0 if
	// unknown, and Took is the time since the walk began.
	Progressed
	// Finished is the end of a step; Took is how long it took.
	Finished
	// Noted is a remark; Text has it.
	Noted
	// Warned is Noted for a probable mistake.
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

// Pace limits the events of a walk to one in ten seconds, for a log. The zero value is ready to use.
type Pace struct{ last time.Duration }

// Due reports whether to write the event.
func (p *Pace) Due(e Event) bool {
	const interval = 10 * time.Second
	if sameWalk := e.Took >= p.last; sameWalk && e.Took < p.last+interval || e.Took < interval {
		return false
	}
	p.last = e.Took
	return true
}

// Upgrade applies the revisions that lead to the targets. The plan it returns was made under the lock; on SQLite,
// another program may have done some of it.
func (r *Runner) Upgrade(ctx context.Context, targets ...string) (graph.Plan, error) {
	return r.run(ctx, func(applied []string) (graph.Plan, error) {
		return r.History.Graph.Upgrade(applied, targets...)
	})
}

// Downgrade reverts the revisions above the target.
func (r *Runner) Downgrade(ctx context.Context, target string) (graph.Plan, error) {
	return r.run(ctx, func(applied []string) (graph.Plan, error) {
		return r.History.Graph.Downgrade(applied, target)
	})
}

// run plans for the applied ids and carries out the plan, under the lock.
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
			return err // before anything has changed
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

// Applied returns the ids recorded as applied, sorted; none if their table does not exist. It waits while SQLite or the
// table is locked.
func (r *Runner) Applied(ctx context.Context) (applied []string, err error) {
	err = r.Read(ctx, func(tx *gorm.DB) error {
		applied, err = r.History.applied(tx)
		return err
	})
	return applied, err
}

// Read calls do with a session, and calls it again while what it reads is locked, until LockTimeout is over.
func (r *Runner) Read(ctx context.Context, do func(tx *gorm.DB) error) error {
	return r.attempts(ctx, func() (retry, error) {
		return soon, session.WithLockTimeout(ctx, r.DB, r.tableLockTimeout(), do)
	})
}

// readApplied returns the applied ids and the data version that they belong to. SQLite in rollback-journal mode blocks
// readers while another program commits, so it tries again.
func (r *Runner) readApplied(ctx context.Context, conn *gorm.DB) (version int64, applied []string, err error) {
	err = r.attempts(ctx, func() (retry, error) {
		if version, err = dataVersion(conn); err == nil {
			applied, err = r.History.applied(conn)
		}
		return soon, err
	})
	return version, applied, err
}

// noteMissing reports revisions added to the history below an applied one: they count as applied and do not run.
func (r *Runner) noteMissing(applied []string) error {
	missing, err := r.History.Graph.Missing(applied)
	for _, id := range missing {
		r.report(Event{Kind: Noted,
			Text: fmt.Sprintf("revision %s (%s) is below an applied revision but not recorded: it is skipped",
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

func (r *Runner) tableLockTimeout() time.Duration {
	return min(cmp.Or(r.TableLockTimeout, 2*time.Second), r.lockTimeout())
}

func (r *Runner) lockTimeout() time.Duration {
	if r.LockTimeout == 0 {
		return DefaultLockTimeout
	}
	return r.LockTimeout
}
