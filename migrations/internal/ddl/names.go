package ddl

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// quote returns the name between quotes; quotes in the name are doubled.
func quote(name, mark string) string {
	return mark + strings.ReplaceAll(name, mark, mark+mark) + mark
}

// quoteTable quotes a table's name and, if it has one, the schema before the dot.
func quoteTable(name, mark string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = quote(p, mark)
	}
	return strings.Join(parts, ".")
}

// QuoteName quotes a column's name for a dialect.
func QuoteName(d schema.Dialect, name string) string { return quote(name, marks[d]) }

// QuoteTable quotes a table's name for a dialect, with its schema if it has one.
func QuoteTable(d schema.Dialect, name string) string { return quoteTable(name, marks[d]) }

// DefaultSQL returns the SQL expression of a default in a dialect.
func DefaultSQL(d schema.Dialect, value schema.Default) string {
	if d == schema.SQLite {
		return sqliteDefault(value)
	}
	return postgresDefault(value)
}

// marks are the identifier quotes of each dialect: SQLite reads an unknown name in double quotes as a string.
var marks = map[schema.Dialect]string{schema.Postgres: `"`, schema.SQLite: "`"}

// literal returns a standard SQL string literal.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// checkName refuses names that PostgreSQL would silently truncate, which makes long names collide. GORM shortens the
// names that it generates; those in tags and revisions have to be shortened by hand.
func checkName(name string) error {
	for part := range strings.SplitSeq(name, ".") {
		if len(part) > schema.MaxName {
			return fmt.Errorf("the name %q has %d bytes, and PostgreSQL allows %d: give it a shorter one",
				part, len(part), schema.MaxName)
		}
	}
	return nil
}
