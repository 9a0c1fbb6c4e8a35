// Package difftest gives tests empty databases on which operations are executed.
package difftest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Server gives out empty databases of one dialect.
type Server struct{ *catalogue.Server }

// Each runs the test on every dialect that has a server.
func Each(t *testing.T, test func(t *testing.T, s *Server)) {
	t.Helper()
	catalogue.Each(t, func(t *testing.T, s *catalogue.Server) {
		t.Helper()
		test(t, &Server{s})
	})
}

// DB is a database on one connection, as in a migration.
type DB struct{ *catalogue.Database }

// Open returns an empty database, closed when the test ends.
func (s *Server) Open(t *testing.T) *DB {
	t.Helper()
	return &DB{s.Server.Open(t)}
}

// Of returns a database that is open already, on a connection taken from its pool until the test ends.
func Of(t *testing.T, db *gorm.DB) *DB {
	t.Helper()
	return &DB{catalogue.Of(t, db)}
}

// Migrate executes the operations in one transaction, as for a revision, and returns the schema after them.
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
		if broken := db.Query(t, `SELECT "table", parent FROM pragma_foreign_key_check`); len(broken) > 0 {
			db.Exec(t, "ROLLBACK")
			return before, fmt.Errorf("foreign key check: %v", broken)
		}
	}
	db.Exec(t, "COMMIT")
	return after, nil
}

// Must is like Migrate, but fails the test on an error.
func (db *DB) Must(t *testing.T, before schema.Schema, operations []op.Operation) schema.Schema {
	t.Helper()
	after, err := db.Migrate(t, before, operations)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// Rows returns the contents of all tables, whatever the order of rows and columns.
func (db *DB) Rows(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, table := range db.Tables(t) {
		lines = append(lines, table+": "+db.Ask(t, `SELECT count(*) FROM "`+table+`"`))
		for _, row := range db.Query(t, `SELECT * FROM "`+table+`"`) {
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

// Difference returns the lines that are in only one of the texts.
func Difference(want, got string) string { return catalogue.Difference(want, got) }
