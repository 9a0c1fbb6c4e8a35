package diff

import (
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// The families of types.
const (
	boolean    = string(schema.Bool)
	integer    = string(schema.Int)
	decimal    = string(schema.Float)
	characters = string(schema.String)
	moment     = string(schema.Time)
)

// family returns the family of a type, and for a type without one its name on PostgreSQL.
func family(t schema.Type) string {
	columnType := t.For(schema.Postgres)
	if kind := schema.Family(columnType); kind != "" {
		return string(kind)
	}
	name, _, _ := strings.Cut(strings.ToLower(columnType), "(")
	return strings.TrimSpace(name)
}

// rank orders PostgreSQL's integer types by size.
func rank(t schema.Type) int {
	text := t.For(schema.Postgres)
	if base, ok := schema.SerialBase(text); ok {
		text = base
	}
	switch strings.ToLower(text) {
	case "smallint", "int2":
		return 1
	case "bigint", "int8":
		return 3
	default:
		return 2
	}
}

// limit is how many characters a string type takes; 0 means any number.
func limit(t schema.Type) int {
	_, rest, _ := strings.Cut(t.For(schema.Postgres), "(")
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), ")")))
	if err != nil {
		return 0
	}
	return n
}
