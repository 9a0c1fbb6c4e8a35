// Package postgres makes empty databases on a PostgreSQL server, to try drafts on.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// patience is how long the server may take to answer, and to clear up.
const (
	patience   = 5 * time.Second
	clearingUp = 30 * time.Second
)

// Servers on which nothing can be created.
var (
	ErrMayNot   = errors.New("the role may create neither databases nor schemas")
	ErrReadOnly = errors.New("the server takes no writes, as a standby does not, or the role's transactions are read-only")
)

// IsURL reports whether an address is that of a PostgreSQL server.
func IsURL(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Server is a server on which the program may create databases, or schemas in its own.
type Server struct {
	config    *pgx.ConnConfig
	databases bool // may be created, not only schemas
}

// Connect asks the server at a URL what may be created there.
func Connect(ctx context.Context, url string) (*Server, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err // which does not show the password
	}
	config.ConnectTimeout = patience
	s := &Server{config: config}
	var schemas, readOnly bool
	err = s.administer(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT rolcreatedb OR rolsuper, has_database_privilege(current_database(), 'CREATE'),
				current_setting('transaction_read_only')::boolean
			FROM pg_roles WHERE rolname = current_user`).Scan(&s.databases, &schemas, &readOnly)
	})
	switch {
	case err != nil:
		return nil, err
	case readOnly:
		return nil, ErrReadOnly
	case !s.databases && !schemas:
		return nil, ErrMayNot
	}
	return s, nil
}

// Empty opens a new database with the schemas named, or, where the role may create none, a new schema in the server's
// own database, without others. The function returned closes it and removes it from the server.
func (s *Server) Empty(ctx context.Context, schemas []string) (*gorm.DB, func() error, error) {
	name := "migrations_trial_" + strings.ToLower(rand.Text())
	kind, drop, config := "DATABASE", "DROP DATABASE IF EXISTS "+name, s.config.Copy()
	switch {
	case s.databases:
		config.Database = name
	case len(schemas) > 0:
		return nil, nil, fmt.Errorf("%w in which the schema %s is not that of the program", errNoDatabases, schemas[0])
	default:
		kind, drop = "SCHEMA", "DROP SCHEMA IF EXISTS "+name+" CASCADE"
		config.RuntimeParams["search_path"] = name
	}
	remove := func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearingUp) // also when somebody stops the command
		defer cancel()
		if err := s.execute(ctx, drop); err != nil {
			return fmt.Errorf("%s, which is left to do: %w", drop, err)
		}
		return nil
	}
	if err := s.execute(ctx, "CREATE "+kind+" "+name); err != nil {
		if _, refused := errors.AsType[*pgconn.PgError](err); refused {
			return nil, nil, err
		}
		return nil, nil, errors.Join(err, remove()) // it may be there: only the server's word is missing
	}
	pool := stdlib.OpenDB(*config)
	closeAll := func() error { return errors.Join(pool.Close(), remove()) }
	db, err := s.prepare(ctx, pool, name, schemas)
	if err != nil {
		return nil, nil, errors.Join(err, closeAll())
	}
	return db, closeAll, nil
}

var errNoDatabases = errors.New("the role may not create databases")

// prepare opens GORM on a new database or schema, and makes the schemas that tables name, and the extensions of the
// server's own database as far as the role may.
func (s *Server) prepare(ctx context.Context, pool *sql.DB, name string, schemas []string) (*gorm.DB, error) {
	if !s.databases {
		return open(pool), checkSchema(ctx, pool, name)
	}
	for _, schema := range schemas {
		if _, err := pool.ExecContext(ctx, "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize()); err != nil {
			return nil, err
		}
	}
	extensions, err := s.extensions(ctx)
	for _, extension := range extensions {
		statement := "CREATE EXTENSION IF NOT EXISTS " + pgx.Identifier{extension}.Sanitize() //nolint:gosec // quoted
		// what needs it says that it is missing
		_, _ = pool.ExecContext(ctx, statement)
	}
	return open(pool), err
}

// checkSchema makes sure that connections work in the schema: a pooler between may not hand on their search path, and
// the trial would work on the program's own tables.
func checkSchema(ctx context.Context, pool *sql.DB, name string) error {
	var current sql.NullString
	if err := pool.QueryRowContext(ctx, "SELECT current_schema()").Scan(&current); err != nil {
		return err
	}
	if current.String != name {
		return fmt.Errorf("the connection works in the schema %s, not in a new one: give the server's own address, "+
			"not a pooler's",
			current.String)
	}
	return nil
}

func open(pool *sql.DB) *gorm.DB {
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{
		Logger: logger.Discard, DisableAutomaticPing: true,
	})
	if err != nil {
		panic(err) // it opens nothing
	}
	return db
}

// extensions returns those that the server's own database has.
func (s *Server) extensions(ctx context.Context) (names []string, err error) {
	err = s.administer(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname")
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return names, err
}

func (s *Server) execute(ctx context.Context, statement string) error {
	return s.administer(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

// administer gives do a connection to the server's own database.
func (s *Server) administer(ctx context.Context, do func(conn *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return do(conn)
}
