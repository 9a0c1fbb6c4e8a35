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

const (
	connectTimeout = 5 * time.Second
	removeTimeout  = 30 * time.Second
)

// The errors of a server on which nothing can be created.
var (
	ErrMayNot   = errors.New("the role may create neither databases nor schemas")
	ErrReadOnly = errors.New("the server is read-only, like a standby, or the role's transactions are")
)

// IsURL reports whether an address is the URL of a PostgreSQL server.
func IsURL(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Server is a server on which the program may create databases, or schemas in its own.
type Server struct {
	config    *pgx.ConnConfig
	databases bool // the role may create databases, not only schemas
}

// Connect connects to the server at a URL, and finds out what the role may create there.
func Connect(ctx context.Context, url string) (*Server, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err // it does not contain the password
	}
	config.ConnectTimeout = connectTimeout
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

// Empty opens a new database with the schemas. If the role may not create databases, it opens a new schema in the
// server's own database instead, and schemas must be empty. The returned function closes and removes it.
func (s *Server) Empty(ctx context.Context, schemas []string) (*gorm.DB, func() error, error) {
	name := "migrations_trial_" + strings.ToLower(rand.Text())
	kind, drop, config := "DATABASE", "DROP DATABASE IF EXISTS "+name, s.config.Copy()
	switch {
	case s.databases:
		config.Database = name
	case len(schemas) > 0:
		return nil, nil, fmt.Errorf("%w, which the schema %s needs", errNoDatabases, schemas[0])
	default:
		kind, drop = "SCHEMA", "DROP SCHEMA IF EXISTS "+name+" CASCADE"
		config.RuntimeParams["search_path"] = name
	}
	remove := func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout) // even if the command is canceled
		defer cancel()
		if err := s.execute(ctx, drop); err != nil {
			return fmt.Errorf("%s, which you must run yourself: %w", drop, err)
		}
		return nil
	}
	if err := s.execute(ctx, "CREATE "+kind+" "+name); err != nil {
		if _, refused := errors.AsType[*pgconn.PgError](err); refused {
			return nil, nil, err
		}
		return nil, nil, errors.Join(err, remove()) // it may exist: only the server's reply is missing
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

// prepare opens GORM on a new database or schema, and creates the schemas, and the extensions of the server's own
// database that the role may create.
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
		// statements that need the extension report that it is missing
		_, _ = pool.ExecContext(ctx, statement)
	}
	return open(pool), err
}

// checkSchema checks that connections use the schema: with a pooler that ignores their search_path, the trial would
// change the program's own tables.
func checkSchema(ctx context.Context, pool *sql.DB, name string) error {
	var current sql.NullString
	if err := pool.QueryRowContext(ctx, "SELECT current_schema()").Scan(&current); err != nil {
		return err
	}
	if current.String != name {
		return fmt.Errorf("the connection uses the schema %s, not a new one: give the server's own address, not that of"+
			" a pooler", current.String)
	}
	return nil
}

func open(pool *sql.DB) *gorm.DB {
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{
		Logger: logger.Discard, DisableAutomaticPing: true,
	})
	if err != nil {
		panic(err) // it does not connect
	}
	return db
}

// extensions returns the extensions of the server's own database.
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

// administer calls do with a connection to the server's own database.
func (s *Server) administer(ctx context.Context, do func(conn *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return do(conn)
}
