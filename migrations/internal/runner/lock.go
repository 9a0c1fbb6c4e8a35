package runner

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/session"
	"guestlist/migrations/schema"
)

// pollInterval is the interval at which a waiting program asks for the lock.
const pollInterval = 200 * time.Millisecond

// LockError is returned for a lock that was not free in time.
type LockError struct {
	Holder string // who holds the lock, as far as the database says
	Waited time.Duration
	cause  error
}

func (e *LockError) Error() string {
	return fmt.Sprintf("gave up after %v: %s", e.Waited, e.Holder)
}

// Unwrap returns the database's error, if there is one.
func (e *LockError) Unwrap() error { return e.cause }

// Hint says what to do about it.
func (e *LockError) Hint() string {
	return "wait for it to end, or set a longer --lock-timeout"
}

// withMigrationLock calls do with a session on one connection while no other program migrates the database.
func (r *Runner) withMigrationLock(ctx context.Context, do func(conn *gorm.DB) error) error {
	return r.DB.WithContext(ctx).Connection(func(tx *gorm.DB) error {
		conn, err := session.On(ctx, r.DB, tx.Statement.ConnPool)
		if err != nil {
			return err
		}
		if dialect(conn) == schema.SQLite {
			return r.withPragmas(ctx, conn, do)
		}
		return r.withAdvisoryLock(ctx, conn, do)
	})
}
