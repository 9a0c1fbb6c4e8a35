package ddl

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/schema"
)

// contents returns all rows of all tables, and SQLite's counters.
func (db testDB) contents(t *testing.T, leaveOut ...string) string {
	t.Helper()
	var lines []string
	for _, table := range db.Tables(t) {
		if slices.Contains(leaveOut, table) {
			continue
		}
		for _, row := range db.rows(t, table, leaveOut) {
			lines = append(lines, table+": "+row)
		}
	}
	if db.Dialect == schema.SQLite && !slices.Contains(leaveOut, "counter") {
		lines = append(lines, db.Query(t, "SELECT 'counter', name, seq FROM sqlite_sequence")...)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (db testDB) rows(t *testing.T, table string, leaveOut []string) []string {
	t.Helper()
	names := "SELECT name FROM pragma_table_xinfo($1)"
	if db.Dialect == schema.Postgres {
		names = `SELECT attname FROM pg_attribute
			WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped`
	}
	columns := db.Query(t, names, table)
	slices.Sort(columns)
	var pairs []string
	for _, c := range columns {
		if !slices.Contains(leaveOut, table+"."+c) {
			pairs = append(pairs, fmt.Sprintf("%s AS %s", quote(c, `"`), quote(c, `"`)))
		}
	}
	return db.Query(t, "SELECT "+strings.Join(pairs, ", ")+" FROM "+quote(table, `"`))
}
