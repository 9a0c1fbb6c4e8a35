package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresPool is a pool of connections to PostgreSQL, in which concurrent reads of single rows share round trips.
type postgresPool struct {
	*sql.DB

	reads sync.Map // *reads by query
}

// row scans the query's row into into, or fails with sql.ErrNoRows.
func (p *postgresPool) row(ctx context.Context, query string, values, into []any) error {
	shared, ok := p.reads.Load(query)
	if !ok {
		shared, _ = p.reads.LoadOrStore(query, &reads{pool: p.DB, query: query})
	}
	return shared.(*reads).row(ctx, values, into) //nolint:forcetypeassert,errcheck // see reads
}

// GetDBConn implements gorm.GetDBConnector.
func (p *postgresPool) GetDBConn() (*sql.DB, error) { return p.DB, nil }

const (
	// maxTrips is how many round trips may be under way before further reads wait for the next.
	maxTrips = 1
	// overdueAfter is how long reads wait for a round trip. After that, they are sent on another connection, so that a
	// slow network or a lost connection does not block all reads.
	overdueAfter = 5 * time.Millisecond
	// maxPerTrip is the maximum number of reads in a round trip.
	maxPerTrip = 100
)

// reads lets reads of single rows with the same query share round trips. A read is sent immediately, on its own, unless
// maxTrips round trips are under way: then it waits, and is sent with others, in a pipeline, when one of those ends.
// Each read is a query of its own, with its own plan, and begins after it was requested, so it sees everything that was
// committed before the request.
type reads struct {
	pool  *sql.DB
	query string

	mutex    sync.Mutex
	underWay int
	waiting  []*read
	watched  int // how often watchWaiting was started
	watch    *time.Timer
}

// read is a waiting read.
type read struct {
	values, into []any
	done         chan error
	trip         *trip // the round trip that it is part of; nil: none yet
}

// trip is a shared round trip. It is cancelled when no caller waits for it any more.
type trip struct {
	reads   []*read
	callers int // number of waiting callers
	cancel  context.CancelFunc
}

// row implements postgresPool.row.
func (r *reads) row(ctx context.Context, values, into []any) error {
	r.mutex.Lock()
	if r.underWay < maxTrips {
		r.underWay++
		r.mutex.Unlock()
		defer r.next()
		return r.sendOne(ctx, values, into)
	}
	w := &read{values: values, into: into, done: make(chan error, 1)}
	if r.waiting = append(r.waiting, w); len(r.waiting) == 1 {
		r.watchWaiting()
	}
	r.mutex.Unlock()
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		r.leave(w)
		return ctx.Err()
	}
}

// sendOne reads a row in its own round trip.
func (r *reads) sendOne(ctx context.Context, values, into []any) error {
	return r.on(ctx, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, r.query, values...).Scan(into...) })
}

// next sends the waiting reads, if any, when a read has ended.
func (r *reads) next() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.waiting) == 0 {
		r.underWay--
		return
	}
	go r.sendWaiting()
}

// watchWaiting sends the waiting reads when the round trips that they wait for are overdue.
func (r *reads) watchWaiting() {
	r.watched++
	n := r.watched
	r.watch = time.AfterFunc(overdueAfter, func() {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if n == r.watched && len(r.waiting) > 0 {
			r.underWay++
			go r.sendWaiting()
		}
	})
}

// leave removes a read whose caller has stopped waiting.
func (r *reads) leave(w *read) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if w.trip == nil {
		r.waiting = slices.DeleteFunc(r.waiting, func(other *read) bool { return other == w })
		return
	}
	if w.trip.callers--; w.trip.callers == 0 {
		w.trip.cancel()
	}
}

// sendWaiting makes round trips until no read waits.
func (r *reads) sendWaiting() {
	for {
		runtime.Gosched() // lets goroutines that are about to read join
		ctx, cancel := context.WithCancel(context.Background())
		t := r.takeWaiting(cancel)
		if t == nil {
			cancel()
			return
		}
		r.send(ctx, t.reads)
		cancel()
	}
}

// takeWaiting returns a trip with the waiting reads, or nil if there is nothing to do.
func (r *reads) takeWaiting(cancel context.CancelFunc) *trip {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n := min(len(r.waiting), maxPerTrip)
	if n == 0 {
		r.underWay--
		return nil
	}
	r.watch.Stop()
	t := &trip{reads: slices.Clone(r.waiting[:n]), callers: n, cancel: cancel}
	r.waiting = append(r.waiting[:0], r.waiting[n:]...)
	clear(r.waiting[len(r.waiting):cap(r.waiting)])
	for _, w := range t.reads {
		w.trip = t
	}
	if len(r.waiting) > 0 {
		r.watchWaiting()
	}
	return t
}

// send makes a round trip and passes each of the reads its result.
func (r *reads) send(ctx context.Context, waiting []*read) {
	var err error
	defer func() {
		if reason := recover(); reason != nil { // the callers' middleware would have recovered from it
			err = fmt.Errorf("panic in a round trip of several reads: %v", reason)
		}
		for _, w := range waiting {
			w.done <- err
		}
	}()
	finish := func(err error) {
		waiting[0].done <- err
		waiting = waiting[1:]
	}
	err = r.on(ctx, func(conn *pgx.Conn) error {
		var batch pgx.Batch
		for _, w := range waiting {
			batch.Queue(r.query, w.values...)
		}
		results := conn.SendBatch(ctx, &batch)
		for len(waiting) > 0 {
			err := results.QueryRow().Scan(waiting[0].into...)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				break // the others get no results
			}
			finish(err)
		}
		return results.Close()
	})
	for len(waiting) > 0 && causedByOne(err) && ctx.Err() == nil { // finds out which read caused the error
		finish(r.sendOne(ctx, waiting[0].values, waiting[0].into))
	}
}

// causedByOne reports whether a single read may have caused the error of a round trip.
func causedByOne(err error) bool { return !Unavailable(err) || Code(err) == changedPlan }

// on calls use with a connection of the pool. It bypasses database/sql, which would convert every value twice.
func (r *reads) on(ctx context.Context, use func(*pgx.Conn) error) error {
	conn, err := r.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // returns it to the pool
	return conn.Raw(func(driver any) error {
		wrapped, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T", driver)
		}
		return use(wrapped.Conn())
	})
}
