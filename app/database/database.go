// Package database opens the application's database, SQLite or PostgreSQL, so that both behave alike.
//
// It is used by the server, by the db commands and by the tests; nothing else in the program opens a database. What
// differs between the two is settled here: how connections are made and bounded, how times are stored, which driver
// errors mean a violated constraint (gorm.ErrDuplicatedKey, gorm.ErrForeignKeyViolated,
// gorm.ErrCheckConstraintViolated) and which mean that the database cannot be reached now ([Unavailable]).
package database

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Options are what Open needs besides the address. The zero value is usable.
type Options struct {
	Name     string           // of the program, for who looks at PostgreSQL's sessions
	PoolSize int              // most connections at once; 0: 10
	Logger   *slog.Logger     // slow queries, and at debug level every query; nil: nothing is logged
	Now      func() time.Time // the clock behind created_at and its like; nil: time.Now
}

// Precision is the resolution of stored times: what PostgreSQL's timestamptz holds.
const Precision = time.Microsecond

// Open returns the database at address: postgres://…, postgresql://…, or sqlite:///path (relative) and sqlite:////path
// (absolute), the forms that SQLAlchemy knows; sqlite:///:memory: is a private database on one connection.
//
// PostgreSQL is not contacted yet: an unreachable server shows in the first query. SQLite's file, but not its
// directory, is created if it is missing. Errors name a file, but never a server's address, which may hold a password.
func Open(address string, options Options) (*gorm.DB, error) {
	if options.PoolSize == 0 {
		options.PoolSize = 10
	}
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

var errScheme = errors.New("the database address starts with neither postgres:// nor sqlite:///")

// Check reports whether address has a form that Open takes, without opening anything. Errors are those of Open.
func Check(address string) error {
	scheme, rest, _ := strings.Cut(address, "://")
	var err error
	switch scheme {
	case "postgres", "postgresql":
		_, err = parsePostgres(address, Options{})
	case "sqlite":
		_, err = sqlitePath(rest)
	default:
		err = errScheme
	}
	return err
}

// Address returns the address at which Open opens a database as people may see it: without a password.
func Address(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "the configured database"
	}
	query := parsed.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, "xxxxx")
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// WithoutPassword returns the address of a PostgreSQL server without its password, as PostgreSQL's own programs take
// it.
func WithoutPassword(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if parsed.User != nil {
		parsed.User = url.User(parsed.User.Username())
	}
	query := parsed.Query()
	query.Del("password")
	query.Del("sslpassword")
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// Close closes every connection of db.
func Close(db *gorm.DB) error {
	if pool, ok := db.ConnPool.(*sqlitePool); ok {
		return pool.close()
	}
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return pool.Close()
}
