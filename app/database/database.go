// Package database opens the application's database, SQLite or PostgreSQL, so that both behave alike.
//
// Nothing else in the application opens a database. The differences between the two are handled here: how connections
// are made and bounded, how times are stored, which driver errors mean a violated constraint (gorm.ErrDuplicatedKey,
// gorm.ErrForeignKeyViolated, gorm.ErrCheckConstraintViolated) and which mean that the database cannot be reached now
// ([Unavailable]). Lists are read through [Read], from a replica of PostgreSQL if there are any.
package database

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Options are what Open needs besides the address. The zero value is usable.
type Options struct {
	Name     string           // of the program, as PostgreSQL shows it in its list of sessions
	PoolSize int              // maximum number of connections; 0: 10
	Logger   *slog.Logger     // slow queries, and at debug level every query; nil: nothing is logged
	Now      func() time.Time // the clock for created_at and other times; nil: time.Now
	// ReplicaPatience is how long Read waits for a connection to a replica, and for the replica to catch up; 0: 100 ms.
	ReplicaPatience time.Duration
}

func (o Options) poolSize() int { return cmp.Or(o.PoolSize, 10) }

// Precision is the resolution of stored times: what PostgreSQL's timestamptz holds.
const Precision = time.Microsecond

// Open returns the database at address: postgres://…, postgresql://…, or sqlite:///path (relative) and sqlite:////path
// (absolute), the same forms as in SQLAlchemy; sqlite:///:memory: is a private database on one connection.
//
// PostgreSQL is not contacted yet: an unreachable server fails the first query. SQLite's file, but not its directory,
// is created if it is missing. Errors name a file, but never a server's address, which may hold a password.
func Open(address string, options Options) (*gorm.DB, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	config := &gorm.Config{
		TranslateError:       true,
		QueryFields:          true, // not SELECT *: a column that a migration adds must not change a running query's result
		DisableAutomaticPing: true,
		Logger:               newLogger(options.Logger),
		NowFunc:              func() time.Time { return options.Now().UTC().Truncate(Precision) },
	}
	scheme, rest, _ := strings.Cut(address, "://")
	switch scheme {
	case "postgres", "postgresql":
		return openPostgres(address, options, config)
	case "sqlite":
		return openSQLite(rest, options, config)
	}
	return nil, errScheme
}

// Close closes every connection of db, and of its replicas.
func Close(db *gorm.DB) error {
	if pool, ok := db.ConnPool.(*sqlitePool); ok {
		return pool.close()
	}
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	if replicas := ReplicasOf(db); replicas != nil {
		err = replicas.close()
	}
	return errors.Join(err, pool.Close())
}
