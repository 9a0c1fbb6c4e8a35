package convert

import (
	"fmt"

	"guestlist/migrations/schema"
)

// ranges are the smallest and the largest of PostgreSQL's integers
// (https://www.postgresql.org/docs/current/datatype-numeric.html).
var ranges = map[string][2]string{
	"int2": {"-32768", "32767"},
	"int4": {"-2147483648", "2147483647"},
	"int8": {"-9223372036854775808", "9223372036854775807"},
}

// wholeDigits is how many decimal digits the integers have at most.
var wholeDigits = map[string]int{"int2": 5, "int4": 10, "int8": 19}

// outside is the condition of an expression that is no integer of the type.
func outside(expression string, t schema.ColumnType) string {
	limits := ranges[t.Name]
	return fmt.Sprintf("%s NOT BETWEEN %s AND %s", expression, limits[0], limits[1])
}

// unbounded is the number of digits of a numeric without a precision.
const unbounded = 1 << 20

// scale is how many digits there may be after the point.
func scale(t schema.ColumnType) int {
	if t.Name == "numeric" && len(t.Args) > 0 {
		return t.Arg(1, 0)
	}
	if t.Name == "numeric" {
		return unbounded
	}
	return 0
}

// digits is how many digits there may be before the point.
func digits(t schema.ColumnType) int {
	if n, ok := wholeDigits[t.Name]; ok {
		return n
	}
	if t.Name == "numeric" && len(t.Args) > 0 {
		return t.Args[0] - t.Arg(1, 0)
	}
	return unbounded
}

// floatDigits is how many significant decimal digits the floating point numbers keep (FLT_DIG and DBL_DIG of C).
var floatDigits = map[string]int{"float4": 6, "float8": 15}

// isExact reports whether a floating point number of that many significant decimal digits keeps them all.
func isExact(t schema.ColumnType, digits int) bool { return digits <= floatDigits[t.Name] }

// The largest integers up to which floating point numbers have every one.
const (
	maxExact4 = "16777216"
	maxExact8 = "9007199254740992"
)
