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

// checkTimeout is how long a check may take, beside the wait for what was just written.
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

// history returns the timeline of a replica that can be used, or nothing.
func (r *replica) history() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.timeline
}

// leaveOut has the replica not used until a check finds it fit.
func (r *replica) leaveOut(ctx context.Context, log *slog.Logger, reason error) {
	level := slog.LevelWarn
	if errors.Is(reason, errNotStandby) { // all servers of a cluster may be named
		level = slog.LevelInfo
	}
	if r.set("") {
		log.Log(ctx, level, "a replica is left out", "replica", r.host, "error", reason)
	}
}

// set notes the result of a check, and reports whether it is another than before.
func (r *replica) set(timeline string) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed = !r.checked || (timeline == "") != (r.timeline == "")
	r.timeline, r.checked = timeline, true
	return changed
}

// Check finds out which replicas can be used: those that follow the server of db, to which the replicas belong, and do
// not lag. A server calls it every second or so. What it finds need not be true a moment later: Read makes sure itself.
func (r *Replicas) Check(ctx context.Context, db *gorm.DB) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout+r.patience)
	defer cancel()
	at, err := positionOf(ctx, db)
	if err != nil {
		return // nobody can be served, whatever the replicas do
	}
	var server string
	err = db.WithContext(ctx).Raw("SELECT system_identifier::text FROM pg_control_system()").Scan(&server).Error
	var checks sync.WaitGroup
	for _, replica := range r.all {
		checks.Go(func() {
			failed := err
			if failed == nil {
				failed = replica.check(ctx, server, at, r.patience)
			}
			if failed != nil {
				replica.leaveOut(ctx, r.log, failed)
			} else if replica.set(at.timeline) {
				r.log.InfoContext(ctx, "a replica is used", "replica", replica.host)
			}
		})
	}
	checks.Wait()
}

// A standby on another timeline has another history, however far it has come. What the control file says of it may be
// from before a failover, but never from after one that the standby has not followed.
const identityQuery = `SELECT system_identifier::text,
		lpad(upper(to_hex(greatest(min_recovery_end_timeline, timeline_id))), 8, '0')
	FROM pg_control_system(), pg_control_recovery(), pg_control_checkpoint()`

// check returns nil if the replica can be used.
func (r *replica) check(ctx context.Context, server string, at position, patience time.Duration) error {
	conn, err := r.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	var same, timeline string
	if err := conn.QueryRowContext(ctx, identityQuery).Scan(&same, &timeline); err != nil {
		return fmt.Errorf("ask which server it is: %w", err)
	}
	if same != server || timeline != at.timeline {
		return errStranger
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return catchUp(ctx, conn, at.lsn)
}

// ReplicaUse is how a replica is used.
type ReplicaUse struct {
	Host  string // and port
	Used  bool   // at the last check
	Reads int64  // from it so far
}

// Use returns how the replicas have been used, and how often the database itself was read from instead.
func (r *Replicas) Use() (replicas []ReplicaUse, primary int64) {
	for _, replica := range r.all {
		replicas = append(replicas, ReplicaUse{replica.host, replica.history() != "", replica.reads.Load()})
	}
	return replicas, r.primary.Load()
}
