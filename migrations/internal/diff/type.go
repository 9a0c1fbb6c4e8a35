package diff

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// The families of types.
const (
	boolean = string(schema.Bool)
	integer = string(schema.Int)
	decimal = string(schema.Float)
	text    = string(schema.String)
	moment  = string(schema.Time)
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
		return text
	case "numeric", "decimal", "real", "float4", "double precision", "float8":
		return decimal
	case "timestamptz", "timestamp", "timestamp with time zone", "date":
		return moment
	default:
		return name
	}
}

// narrowing warns where values of the one type may not fit into the other.
func narrowing(column string, was, is schema.Type) (Warning, bool) {
	from, to := family(was), family(is)
	const look = "Look for such values first, and change them"
	switch {
	case to == text && limit(is) > 0 && longest(was) > limit(is), from == to && from == integer && rank(is) < rank(was):
		return Warning{fmt.Sprintf("fails where a value of %s does not fit into %s", column, is), look}, true
	case from == to && from == decimal && is.Precision > 0 && (was.Precision == 0 || fewerDigits(was, is)):
		return Warning{fmt.Sprintf("rounds %s to %s, and fails where a value has more digits", column, is), look}, true
	case from == to && from == moment && is.Precision > 0 && (was.Precision == 0 || is.Precision < was.Precision):
		return Warning{fmt.Sprintf("rounds %s to %s", column, is), "Keep a copy of what is still wanted"}, true
	case from == to, to == text, from == boolean && to == integer, from == integer && to == decimal:
		return Warning{}, false
	case from == decimal && to == integer:
		return Warning{fmt.Sprintf("rounds %s to whole numbers", column), "Keep a copy of what is still wanted"}, true
	case to == boolean && (from == integer || from == decimal):
		return Warning{fmt.Sprintf("keeps of %s only whether it is 0", column), "Keep a copy of what is still wanted"}, true
	default:
		return Warning{fmt.Sprintf("fails where a value of %s is no %s", column, is),
			"Say with Using(…) how to convert the values, or change those that do not convert first"}, true
	}
}

// longest is the length of the longest text that a value of the type becomes.
func longest(t schema.Type) int {
	switch family(t) {
	case boolean:
		return len("false")
	case integer:
		return []int{0, len("-32768"), len("-2147483648"), len("-9223372036854775808")}[rank(t)]
	case text:
		if n := limit(t); n > 0 {
			return n
		}
	}
	return math.MaxInt
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
