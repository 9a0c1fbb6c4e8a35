package runner

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/session"
	"guestlist/migrations/schema"
)

// poll is how often a waiting program asks for the lock again.
const poll = 200 * time.Millisecond

// LockError is a lock that was not to be had in time.
type LockError struct {
	Holder string // who holds the lock, as far as the database says
	Waited time.Duration
	cause  error
}

func (e *LockError) Error() string {
	return fmt.Sprintf("gave up after %v: %s", e.Waited, e.Holder)
}

// Unwrap returns the database's own error, if there is one.
func (e *LockError) Unwrap() error { return e.cause }

// Hint says what to do about it.
func (e *LockError) Hint() string {
	return "wait for it to end, or give it longer with --lock-timeout"
}

// withMigrationLock calls do with a session on one connection, while no other program migrates the database.
func (r *Runner) withMigrationLock(ctx context.Context, do func(conn *gorm.DB) error) error {
	return r.DB.WithContext(ctx).Connection(func(tx *gorm.DB) error {
		conn, err := session.On(ctx, r.DB, tx.Statement.ConnPool)
		if err != nil {
			return err
		}
		if dialect(conn) == schema.SQLite {
			return r.withSQLite(ctx, conn, do)
		}
		return r.withAdvisoryLock(ctx, conn, do)
	})
}
