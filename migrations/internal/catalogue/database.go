// Package catalogue gives tests empty databases whose catalogues can be compared: SQLite and, if a server is configured
// (see package dbtest), PostgreSQL.
package catalogue

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/schema"
)

// Server provides empty databases of one dialect. On PostgreSQL they are schemas of one database, which is much faster
// than creating databases.
type Server struct {
	Dialect schema.Dialect

	url     string
	schemas atomic.Int64
}

// Each runs the test on every dialect that has a server.
func Each(t *testing.T, test func(t *testing.T, s *Server)) {
	t.Helper()
	for _, d := range schema.Dialects() {
		if d == schema.Postgres && !dbtest.Postgres() {
			continue
		}
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			test(t, NewServer(t, d))
		})
	}
}

// NewServer returns a server of the dialect. For PostgreSQL, one must be configured.
func NewServer(t *testing.T, d schema.Dialect) *Server {
	t.Helper()
	s := &Server{Dialect: d}
	if d == schema.Postgres {
		s.url = dbtest.URL(t)
	}
	return s
}

// Database is a database on one connection, as in a migration.
type Database struct {
	*gorm.DB

	Dialect schema.Dialect
	Conn    *sql.Conn
	Space   string // PostgreSQL's schema

	queries int
}

// Open returns an empty database, closed when the test ends.
func (s *Server) Open(t *testing.T) *Database {
	t.Helper()
	url := s.url
	if s.Dialect == schema.SQLite {
		url = dbtest.SQLiteURL(t)
	}
	db := Of(t, dbtest.OpenOne(t, url))
	dialector := gorm.Dialector(&sqlite.Dialector{Conn: db.Conn})
	if s.Dialect == schema.Postgres {
		db.Space = fmt.Sprintf("case_%d", s.schemas.Add(1))
		db.Exec(t, "CREATE SCHEMA "+db.Space, "SET search_path = "+db.Space)
		dialector = postgres.New(postgres.Config{Conn: db.Conn})
	}
	var err error
	if db.DB, err = gorm.Open(dialector, &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true}); err != nil {
		t.Fatal(err)
	}
	return db
}

// Of returns a Database on a connection of db, which it holds until the test ends.
func Of(t *testing.T, db *gorm.DB) *Database {
	t.Helper()
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &Database{DB: db, Dialect: schema.Dialect(db.Name()), Conn: conn, Space: "public"}
}

// Exec executes statements.
func (db *Database) Exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Ask returns the rows of a query, one per line, sorted.
func (db *Database) Ask(t *testing.T, query string) string {
	t.Helper()
	return strings.Join(db.Query(t, query), "\n")
}

// Query returns the rows of a query, one text each, sorted.
func (db *Database) Query(t *testing.T, query string, args ...any) []string {
	t.Helper()
	db.queries++ // another text each time, so that PostgreSQL does not reuse a plan from before the table changed
	rows, err := db.Conn.QueryContext(t.Context(), fmt.Sprintf("%s /* %d */", query, db.queries), args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		values := make([]any, len(columns))
		pointers := make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line(values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func line(values []any) string {
	texts := make([]string, 0, len(values))
	for _, v := range values {
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		texts = append(texts, fmt.Sprint(v))
	}
	return strings.Join(texts, " | ")
}
