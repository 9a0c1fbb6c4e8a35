package runner

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// poll is how often a waiting program asks for the lock again.
const poll = 200 * time.Millisecond

// LockError is another migration that did not end in time.
type LockError struct {
	Holder string // who holds the lock, as far as the database tells
	Waited time.Duration
}

func (e *LockError) Error() string {
	return fmt.Sprintf("another migration is running: %s; gave up after %v", e.Holder, e.Waited)
}

// Hint says what to do about it.
func (e *LockError) Hint() string {
	return "wait for it to end, or give it longer with --lock-timeout"
}

// alone calls do with one connection on which no other migration works.
func (r *Runner) alone(ctx context.Context, do func(conn *gorm.DB) error) error {
	return r.DB.WithContext(ctx).Connection(func(tx *gorm.DB) error {
		conn := tx.Session(&gorm.Session{NewDB: true, Context: ctx})
		if dialect(conn) == schema.SQLite {
			return r.aloneSQLite(ctx, conn, do)
		}
		return r.alonePostgres(ctx, conn, do)
	})
}
