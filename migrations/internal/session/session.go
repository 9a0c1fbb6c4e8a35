// Package session opens GORM sessions for the engine's own statements on a database of the program.
//
// They share only the connections with the program, so that it may configure GORM as it likes: with a table prefix,
// prepared statements, plugins, or translated errors, which lose the database's own codes.
package session

import (
	"context"
	"fmt"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// New returns a session on the connections of db.
func New(ctx context.Context, db *gorm.DB) (*gorm.DB, error) {
	conn := db.Statement.ConnPool
	if prepared, ok := conn.(*gorm.PreparedStmtDB); ok {
		conn = prepared.ConnPool
	}
	return On(ctx, db, conn)
}

// On returns a session on one connection or transaction of db.
func On(ctx context.Context, db *gorm.DB, conn gorm.ConnPool) (*gorm.DB, error) {
	var dialector gorm.Dialector
	switch name := db.Name(); schema.Dialect(name) {
	case schema.SQLite:
		dialector = sqlite.Dialector{Conn: conn}
	case schema.Postgres:
		dialector = postgres.New(postgres.Config{Conn: conn, WithoutReturning: true})
	default:
		return nil, fmt.Errorf("the database is %s: migrations run on PostgreSQL and SQLite", name)
	}
	own, err := gorm.Open(dialector, &gorm.Config{
		Logger: Logger(db), NowFunc: db.NowFunc, SkipDefaultTransaction: true, DisableAutomaticPing: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	return own.WithContext(ctx), nil
}

// WithLockTimeout calls do with a session in which no statement waits longer than limit for a PostgreSQL lock. On
// PostgreSQL it is a transaction, rolled back if do returns an error.
func WithLockTimeout(ctx context.Context, db *gorm.DB, limit time.Duration, do func(tx *gorm.DB) error) error {
	own, err := New(ctx, db)
	switch {
	case err != nil:
		return err
	case schema.Dialect(own.Name()) != schema.Postgres:
		return do(own)
	}
	return own.Transaction(func(tx *gorm.DB) error {
		milliseconds := fmt.Sprint(max(limit.Milliseconds(), 1)) // zero means no limit
		if err := tx.Exec("SELECT set_config('lock_timeout', ?, true)", milliseconds).Error; err != nil {
			return fmt.Errorf("set PostgreSQL's lock_timeout: %w", err)
		}
		return do(tx)
	})
}

// Logger returns the logger of db, or one that discards if db has GORM's default, which writes to standard output.
func Logger(db *gorm.DB) logger.Interface {
	if db.Logger == logger.Default {
		return logger.Discard
	}
	return db.Logger
}
