package runner

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/schema"
)

// lockKey is the key of the advisory lock: "gues", "tmig" as numbers. Advisory locks are per database.
const lockKey = "1735746931, 1953327463"

// withAdvisoryLock holds a session advisory lock. It polls instead of waiting inside the database, because a waiting
// statement holds a snapshot, and CREATE INDEX CONCURRENTLY waits for older snapshots.
func (r *Runner) withAdvisoryLock(ctx context.Context, conn *gorm.DB, do func(*gorm.DB) error) (err error) {
	if err := checkSession(ctx, conn); err != nil {
		return err
	}
	defer waitForCancel(conn)()
	was, err := stateOf(conn)
	if err != nil {
		return err
	}
	if err := r.lockPostgres(ctx, conn); err != nil {
		return err
	}
	defer func() {
		// Even if the context is cancelled: the connection returns to the pool and must not keep the lock.
		released := r.unlockPostgres(conn.WithContext(context.WithoutCancel(ctx)), was)
		if err == nil {
			err = released
		}
	}()
	if err := r.setLockTimeout(conn, r.tableLockTimeout()); err != nil {
		return err
	}
	return do(conn)
}

// cancelTimeout limits how long pgx may take to tell the server that a statement is cancelled.
const cancelTimeout = 5 * time.Second

// waitForCancel returns a function that waits, if the end of the context closed the connection, until pgx has told the
// server. If the program exited earlier, the statement would go on running and hold the lock.
func waitForCancel(conn *gorm.DB) func() {
	var server *pgconn.PgConn
	if single, ok := conn.Statement.ConnPool.(*sql.Conn); ok {
		_ = single.Raw(func(driver any) error {
			if pgx, ok := driver.(*stdlib.Conn); ok {
				server = pgx.Conn().PgConn()
			}
			return nil
		})
	}
	return func() {
		if server == nil || !server.IsClosed() {
			return
		}
		select {
		case <-server.CleanupDone():
		case <-time.After(cancelTimeout):
		}
	}
}

// unlockPostgres releases the lock, which a revision may have taken as well, and restores lock_timeout.
func (r *Runner) unlockPostgres(conn *gorm.DB, was *sessionState) error {
	for {
		held, err := holdsLock(conn)
		if err == nil && held {
			err = conn.Exec("SELECT pg_advisory_unlock(" + lockKey + ")").Error
		}
		if err != nil {
			return fmt.Errorf("release the migration lock: %w", err)
		}
		if !held {
			break
		}
	}
	reset := conn.Exec("RESET lock_timeout")
	if limit, ok := was.Settings["lock_timeout"]; ok {
		reset = conn.Exec("SELECT set_config('lock_timeout', ?, false)", limit)
	}
	if reset.Error != nil {
		return fmt.Errorf("restore PostgreSQL's lock_timeout: %w", reset.Error)
	}
	return nil
}

// setLockTimeout limits how long statements wait for a table lock; zero means no limit. While one waits, all later
// lockers of the table queue after it; so it gives up soon, and the revision is tried again.
func (r *Runner) setLockTimeout(conn *gorm.DB, limit time.Duration) error {
	milliseconds := limit.Milliseconds()
	if limit > 0 {
		milliseconds = max(milliseconds, 1)
	}
	err := conn.Exec("SELECT set_config('lock_timeout', ?, false)", fmt.Sprint(milliseconds)).Error
	if err != nil {
		return fmt.Errorf("set PostgreSQL's lock_timeout: %w", err)
	}
	return nil
}

func (r *Runner) lockPostgres(ctx context.Context, conn *gorm.DB) error {
	began := r.now()
	reported := false
	for {
		var locked bool
		if err := conn.Raw("SELECT pg_try_advisory_lock(" + lockKey + ")").Scan(&locked).Error; err != nil {
			return fmt.Errorf("take the migration lock: %w", err)
		}
		if locked {
			return nil
		}
		holder, err := lockHolder(conn)
		if err != nil {
			return err
		}
		if waited := r.now().Sub(began); waited >= r.lockTimeout() {
			return &LockError{Holder: holder, Waited: round(waited)}
		}
		if !reported {
			reported = true
			r.report(Event{Kind: Waiting, Holder: holder})
		}
		if err := r.wait(ctx, pollInterval); err != nil {
			return err
		}
	}
}

// migrationLock is the condition on pg_locks that selects the lock.
const migrationLock = `locktype = 'advisory' AND granted AND (classid, objid, objsubid) = (` + lockKey + `, 2)
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// holdsLock reports whether the session has the lock.
func holdsLock(conn *gorm.DB) (held bool, err error) {
	err = conn.Raw("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND " + migrationLock + ")").
		Scan(&held).Error
	return held, err
}

// errUnlocked rejects a revision that releases the lock, because another program could then begin to migrate.
var errUnlocked = hint.New(errors.New("the revision releases the migration lock, as pg_advisory_unlock_all() does"),
	"release its own locks by their keys")

// stillLocked checks that the revision has not released the lock.
func (s *step) stillLocked(tx *gorm.DB) error {
	if dialect(tx) != schema.Postgres {
		return nil
	}
	held, err := holdsLock(tx)
	if err == nil && !held {
		err = errUnlocked
	}
	return err
}

// lockHolder describes the session that holds the lock.
func lockHolder(conn *gorm.DB) (string, error) {
	var row struct {
		Process     int64
		Application string
		Client      string
		Since       time.Time
	}
	err := conn.Raw(`SELECT a.pid AS process, coalesce(nullif(a.application_name, ''), 'unnamed') AS application,
			coalesce(host(a.client_addr), 'a local socket') AS client, a.backend_start AS since
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE ` + migrationLock).Scan(&row).Error
	if err != nil {
		return "", fmt.Errorf("ask who holds the migration lock: %w", err)
	}
	if row.Process == 0 {
		return "another migration has just ended", nil
	}
	return fmt.Sprintf("another migration is running: PostgreSQL process %d (%s) from %s, connected since %s",
		row.Process, row.Application, row.Client, row.Since.UTC().Format("2006-01-02 15:04:05 MST")), nil
}
