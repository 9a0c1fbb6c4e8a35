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

// family tells which types PostgreSQL converts into one another by itself, and compares in a foreign key.
func family(t schema.Type) string {
	switch t.Kind {
	case schema.Int, schema.Uint:
		return integer
	case schema.Verbatim:
		return verbatimFamily(t.SQL.Postgres)
	default:
		return string(t.Kind)
	}
}

func verbatimFamily(columnType string) string {
	name, _, _ := strings.Cut(strings.ToLower(columnType), "(")
	switch name = strings.TrimSpace(name); name {
	case "smallint", "integer", "int", "bigint", "int2", "int4", "int8", "serial", "bigserial", "smallserial":
		return integer
	case "text", "varchar", "character varying", "char", "character", "bpchar", "citext":
		return characters
	case "numeric", "decimal", "real", "float4", "double precision", "float8":
		return decimal
	case "timestamptz", "timestamp", "timestamp with time zone", "date":
		return moment
	default:
		return name
	}
}

// rank orders PostgreSQL's integer types by size.
func rank(t schema.Type) int {
	switch text := t.For(schema.Postgres); {
	case strings.HasPrefix(text, "small"), text == "int2":
		return 1
	case strings.HasPrefix(text, "big"), text == "int8":
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
