package diff

import (
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// family tells which types PostgreSQL converts into one another by itself, and compares in a foreign key.
func family(t schema.Type) string {
	switch t.Kind {
	case schema.Int, schema.Uint:
		return "integer"
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
		return "integer"
	case "text", "varchar", "character varying", "char", "character", "bpchar", "citext":
		return string(schema.String)
	case "numeric", "decimal", "real", "float4", "double precision", "float8":
		return string(schema.Float)
	case "timestamptz", "timestamp", "timestamp with time zone", "date":
		return string(schema.Time)
	default:
		return name
	}
}

// narrows tells whether values of the one type may not fit into the other.
func narrows(was, is schema.Type) bool {
	from, to := family(was), family(is)
	if from != to {
		return to != string(schema.String) || limit(is) > 0
	}
	switch from {
	case "integer":
		return rank(is) < rank(was) || was.Kind == schema.Int && is.Kind == schema.Uint && rank(is) == rank(was)
	case string(schema.String):
		return limit(is) > 0 && (limit(was) == 0 || limit(is) < limit(was))
	case string(schema.Float):
		return is.Precision > 0 && (was.Precision == 0 || fewerDigits(was, is))
	case string(schema.Time):
		return is.Precision > 0 && (was.Precision == 0 || is.Precision < was.Precision)
	default:
		return false
	}
}

// fewerDigits compares the digits before the point, and those behind it.
func fewerDigits(was, is schema.Type) bool {
	return is.Precision-is.Scale < was.Precision-was.Scale || is.Scale < was.Scale
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
