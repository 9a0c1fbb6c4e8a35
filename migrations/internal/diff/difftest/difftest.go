// Package difftest gives tests empty databases on which operations are executed and whose catalogues are compared:
// SQLite, and PostgreSQL where a server is named (see package dbtest).
package difftest

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
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Server gives out empty databases of one dialect. On PostgreSQL they are schemas of one database, which are made far
// faster than databases are.
type Server struct {
	Dialect schema.Dialect

	url     string
	schemas atomic.Int64
}

// Each runs the test on every dialect there is a server for.
func Each(t *testing.T, test func(t *testing.T, s *Server)) {
	t.Helper()
	for _, d := range schema.Dialects() {
		if d == schema.Postgres && !dbtest.Postgres() {
			continue
		}
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := &Server{Dialect: d}
			if d == schema.Postgres {
				s.url = dbtest.URL(t)
			}
			test(t, s)
		})
	}
}

// DB is a database on one connection, as migrations have it.
type DB struct {
	*gorm.DB

	Dialect schema.Dialect
	conn    *sql.Conn
	space   string // PostgreSQL's schema
	queries int
}

// Open returns an empty database, closed when the test ends.
func (s *Server) Open(t *testing.T) *DB {
	t.Helper()
	url := s.url
	if s.Dialect == schema.SQLite {
		url = dbtest.SQLiteURL(t)
	}
	db := Of(t, dbtest.OpenOne(t, url))
	dialector := gorm.Dialector(&sqlite.Dialector{Conn: db.conn})
	if s.Dialect == schema.Postgres {
		db.space = fmt.Sprintf("case_%d", s.schemas.Add(1))
		db.Exec(t, "CREATE SCHEMA "+db.space, "SET search_path = "+db.space)
		dialector = postgres.New(postgres.Config{Conn: db.conn})
	}
	var err error
	if db.DB, err = gorm.Open(dialector, &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true}); err != nil {
		t.Fatal(err)
	}
	return db
}

// Of returns a database that is open already, on a connection taken from its pool until the test ends.
func Of(t *testing.T, db *gorm.DB) *DB {
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
	return &DB{DB: db, Dialect: schema.Dialect(db.Name()), conn: conn, space: "public"}
}

// Exec executes statements.
func (db *DB) Exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Migrate executes the operations in one transaction, as a revision is, and returns the schema after them.
func (db *DB) Migrate(t *testing.T, before schema.Schema, operations []op.Operation) (schema.Schema, error) {
	t.Helper()
	if db.Dialect == schema.SQLite {
		db.Exec(t, "PRAGMA foreign_keys = OFF")
		defer db.Exec(t, "PRAGMA foreign_keys = ON")
	}
	db.Exec(t, "BEGIN")
	after := before
	for _, o := range operations {
		var err error
		if after, err = ddl.Execute(t.Context(), db.DB, o, after); err != nil {
			db.Exec(t, "ROLLBACK")
			return before, err
		}
	}
	if db.Dialect == schema.SQLite {
		if broken := db.query(t, `SELECT "table", parent FROM pragma_foreign_key_check`); len(broken) > 0 {
			db.Exec(t, "ROLLBACK")
			return before, fmt.Errorf("foreign key check: %v", broken)
		}
	}
	db.Exec(t, "COMMIT")
	return after, nil
}

// Must migrates and fails the test where that fails.
func (db *DB) Must(t *testing.T, before schema.Schema, operations []op.Operation) schema.Schema {
	t.Helper()
	after, err := db.Migrate(t, before, operations)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// Ask returns the rows that a query gives, each as one line, sorted.
func (db *DB) Ask(t *testing.T, query string) string {
	t.Helper()
	return strings.Join(db.query(t, query), "\n")
}

// Rows returns the contents of all tables, whatever the order of rows and columns.
func (db *DB) Rows(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, table := range db.Tables(t) {
		lines = append(lines, table+": "+db.Ask(t, `SELECT count(*) FROM "`+table+`"`))
		for _, row := range db.query(t, `SELECT * FROM "`+table+`"`) {
			lines = append(lines, table+" | "+sorted(row))
		}
	}
	return strings.Join(lines, "\n")
}

// sorted returns a row without the order of its columns, which a downgrade cannot restore.
func sorted(row string) string {
	values := strings.Split(row, " | ")
	slices.Sort(values)
	return strings.Join(values, " | ")
}

// query returns every row as one text.
func (db *DB) query(t *testing.T, query string, args ...any) []string {
	t.Helper()
	db.queries++ // PostgreSQL must not take the plan of a query of the same text from before the table changed
	rows, err := db.conn.QueryContext(t.Context(), fmt.Sprintf("%s /* %d */", query, db.queries), args...)
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
