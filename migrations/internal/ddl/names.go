package ddl

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// quote returns a name between quotes, doubled where they occur in the name.
func quote(name, mark string) string {
	return mark + strings.ReplaceAll(name, mark, mark+mark) + mark
}

// quoteTable quotes a table's name, which may have a schema before a point, as GORM has it.
func quoteTable(name, mark string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = quote(p, mark)
	}
	return strings.Join(parts, ".")
}

// QuoteName quotes the name of a column in a dialect.
func QuoteName(d schema.Dialect, name string) string { return quote(name, marks[d]) }

// QuoteTable quotes the name of a table in a dialect, with its schema where it has one.
func QuoteTable(d schema.Dialect, name string) string { return quoteTable(name, marks[d]) }

// DefaultSQL returns a default as an expression in a dialect.
func DefaultSQL(d schema.Dialect, value schema.Default) string {
	if d == schema.SQLite {
		return sqliteDefault(value)
	}
	return postgresDefault(value)
}

// marks are the quotes of each dialect: SQLite takes a double-quoted name that it does not know for a string.
var marks = map[schema.Dialect]string{schema.Postgres: `"`, schema.SQLite: "`"}

// literal returns a string literal of standard SQL.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// checkName refuses names that PostgreSQL would cut short without an error, which makes two long ones collide. GORM
// shortens the names it makes up itself; those given in a tag or a revision are for people to shorten.
func checkName(name string) error {
	for part := range strings.SplitSeq(name, ".") {
		if len(part) > schema.MaxName {
			return fmt.Errorf("the name %q has %d bytes, and PostgreSQL allows %d: give it a shorter one",
				part, len(part), schema.MaxName)
		}
	}
	return nil
}
