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

// postgresPool is PostgreSQL's connections, on which reads of single rows share round trips.
type postgresPool struct {
	*sql.DB

	reads sync.Map // by their query: *reads
}

// row scans the row that the query finds. It fails with sql.ErrNoRows if there is none.
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
	// atOnce is how many round trips are under way before reads gather for the next.
	atOnce = 1
	// overdue is how long a round trip may keep others waiting: they then go on a connection of their own, so that a
	// slow network or a lost connection does not make a queue of all reads.
	overdue = 5 * time.Millisecond
	// mostTogether is how many reads share a round trip at most.
	mostTogether = 100
)

// reads lets reads of single rows by one query share round trips. A read goes at once, by itself, unless others are
// under way: then it gathers with those that come meanwhile, and they go together, in a pipeline, when one of the
// others
// ends. Each is a query of its own, with its own plan, and begins after it was asked for: it sees all that was
// committed
// before.
type reads struct {
	pool  *sql.DB
	query string

	mutex    sync.Mutex
	underWay int
	waiting  []*read
	watched  int // how often waiting was begun to be watched
	watch    *time.Timer
}

// read is one that waits for others to end.
type read struct {
	values, into []any
	done         chan error
	trip         *trip // that it goes with; nil: it has not gone
}

// trip is a round trip that reads share. It is ended when nobody waits for it any more.
type trip struct {
	reads   []*read
	callers int // who still wait
	cancel  context.CancelFunc
}

// row is postgresPool.row for the query.
func (r *reads) row(ctx context.Context, values, into []any) error {
	r.mutex.Lock()
	if r.underWay < atOnce {
		r.underWay++
		r.mutex.Unlock()
		defer r.next()
		return r.alone(ctx, values, into)
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

// alone reads a row in a round trip of its own.
func (r *reads) alone(ctx context.Context, values, into []any) error {
	return r.on(ctx, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, r.query, values...).Scan(into...) })
}

// next lets those that wait go, if there are any, in the place of a read that has ended.
func (r *reads) next() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.waiting) == 0 {
		r.underWay--
		return
	}
	go r.travel()
}

// watchWaiting sees to it that those that wait, and those that join them, go when what they wait for is overdue.
func (r *reads) watchWaiting() {
	r.watched++
	n := r.watched
	r.watch = time.AfterFunc(overdue, func() {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if n == r.watched && len(r.waiting) > 0 {
			r.underWay++
			go r.travel()
		}
	})
}

// leave takes out a read whose caller does not wait any more.
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

// travel makes one round trip after the other until nobody waits or, where others were overdue, enough are under way.
func (r *reads) travel() {
	for {
		runtime.Gosched() // those that could run now and are about to read come along
		ctx, cancel := context.WithCancel(context.Background())
		t := r.depart(cancel)
		if t == nil {
			cancel()
			return
		}
		r.send(ctx, t.reads)
		cancel()
	}
}

// depart returns a trip of those that wait, or nil if the traveller is not needed any more.
func (r *reads) depart(cancel context.CancelFunc) *trip {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n := min(len(r.waiting), mostTogether)
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

// send makes a round trip and tells each read how it went.
func (r *reads) send(ctx context.Context, together []*read) {
	var err error
	defer func() {
		if reason := recover(); reason != nil { // a caller would have recovered from it, as its request's
			err = fmt.Errorf("panic in a round trip of several reads: %v", reason)
		}
		for _, w := range together {
			w.done <- err
		}
	}()
	tell := func(err error) {
		together[0].done <- err
		together = together[1:]
	}
	err = r.on(ctx, func(conn *pgx.Conn) error {
		var batch pgx.Batch
		for _, w := range together {
			batch.Queue(r.query, w.values...)
		}
		results := conn.SendBatch(ctx, &batch)
		for len(together) > 0 {
			err := results.QueryRow().Scan(together[0].into...)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				break // the others have no results any more
			}
			tell(err)
		}
		return results.Close()
	})
	for len(together) > 0 && singly(err) && ctx.Err() == nil { // whose error it was shows now
		tell(r.alone(ctx, together[0].values, together[0].into))
	}
}

// singly reports whether the error of a round trip may be that of one read alone.
func singly(err error) bool { return !Unavailable(err) || Code(err) == changedPlan }

// on calls use with a connection of the pool. It goes around database/sql, which would turn every value into a driver's
// and then into ours.
func (r *reads) on(ctx context.Context, use func(*pgx.Conn) error) error {
	conn, err := r.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	return conn.Raw(func(driver any) error {
		wrapped, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T", driver)
		}
		return use(wrapped.Conn())
	})
}
