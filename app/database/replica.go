package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// checkTimeout is how long a check may take, not counting its wait for the replica to catch up.
const checkTimeout = 2 * time.Second

// replica is one of Replicas.
type replica struct {
	host  string // and port
	pool  *sql.DB
	reads atomic.Int64

	mu       sync.Mutex
	timeline string // as of the last check; "": it is left out
	checked  bool
}

// history returns the timeline of the replica, or "" if it is left out.
func (r *replica) history() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.timeline
}

// conn returns a connection to the replica. It fails with errBusy if none becomes free in time.
func (r *replica) conn(ctx context.Context) (*sql.Conn, error) {
	conn, err := r.pool.Conn(ctx)
	if err == nil {
		return conn, nil
	}
	if stats := r.pool.Stats(); ctx.Err() != nil && stats.InUse >= stats.MaxOpenConnections {
		return nil, errBusy
	}
	return nil, fmt.Errorf("get a connection: %w", err)
}

// leaveOut keeps the replica from being used until a check finds it fit.
func (r *replica) leaveOut(ctx context.Context, log *slog.Logger, reason error) {
	level := slog.LevelWarn
	if errors.Is(reason, errNotStandby) { // DATABASE_REPLICA_URLS may list the primary too
		level = slog.LevelInfo
	}
	if r.set("") {
		log.Log(ctx, level, "a replica is left out", "replica", r.host, "error", reason)
	}
}

// set notes whether the replica can be used, and reports whether that has changed.
func (r *replica) set(timeline string) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed = !r.checked || (timeline == "") != (r.timeline == "")
	r.timeline, r.checked = timeline, true
	return changed
}

// Check finds out which replicas can be used: those that follow the server of db, have the same database, and do not
// lag. db is the database that has the replicas. A server calls Check every second or so. Read does not rely on the
// result: a replica can fall behind a moment later. If ctx ends, Check leaves things as they are.
func (r *Replicas) Check(ctx context.Context, db *gorm.DB) {
	limited, cancel := context.WithTimeout(ctx, checkTimeout+r.patience)
	defer cancel()
	at, err := positionOf(limited, db)
	if err != nil {
		return // without the primary, no replica is read from
	}
	want, err := placeOf(limited, db)
	var checks sync.WaitGroup
	for _, replica := range r.all {
		checks.Go(func() {
			failed := err
			if failed == nil {
				failed = replica.check(limited, want, at, r.patience)
			}
			switch {
			case ctx.Err() != nil: // it was not the replica that failed
			case failed != nil:
				replica.leaveOut(ctx, r.log, failed)
			case replica.set(at.timeline):
				r.log.InfoContext(ctx, "a replica is used", "replica", replica.host)
			}
		})
	}
	checks.Wait()
}

// place is the server, database and schema in which queries find their tables.
type place struct{ server, database, schema string }

// A standby has all databases of its primary, so its address can name the wrong one.
const placeColumns = "system_identifier::text, current_database()::text, COALESCE(current_schema()::text, '')"

func placeOf(ctx context.Context, db *gorm.DB) (at place, err error) {
	row := db.Statement.ConnPool.QueryRowContext(ctx, "SELECT "+placeColumns+" FROM pg_control_system()")
	if err := row.Scan(&at.server, &at.database, &at.schema); err != nil {
		return place{}, fmt.Errorf("ask which server the database is on: %w", err)
	}
	return at, nil
}

// A standby on another timeline has another history, however far it has replayed it. Its control file may not yet show
// a failover that it has followed, but never shows one that it has not followed.
const identityQuery = "SELECT " + placeColumns + `,
		lpad(upper(to_hex(greatest(min_recovery_end_timeline, timeline_id))), 8, '0')
	FROM pg_control_system(), pg_control_recovery(), pg_control_checkpoint()`

// check returns nil if the replica can be used.
func (r *replica) check(ctx context.Context, want place, at position, patience time.Duration) error {
	conn, err := r.conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	var found place
	var timeline string
	row := conn.QueryRowContext(ctx, identityQuery)
	if err := row.Scan(&found.server, &found.database, &found.schema, &timeline); err != nil {
		return fmt.Errorf("ask which server it is: %w", err)
	}
	if found.server != want.server || timeline != at.timeline {
		return errStranger
	}
	if found != want {
		return errOtherDatabase
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return catchUp(ctx, conn, at.lsn)
}

// ReplicaUse is how a replica is used.
type ReplicaUse struct {
	Host  string // and port
	Used  bool   // at the last check
	Reads int64  // reads from it so far
}

// Use returns how the replicas have been used, and how often the database itself was read from instead.
func (r *Replicas) Use() (replicas []ReplicaUse, primary int64) {
	for _, replica := range r.all {
		replicas = append(replicas, ReplicaUse{replica.host, replica.history() != "", replica.reads.Load()})
	}
	return replicas, r.primary.Load()
}
