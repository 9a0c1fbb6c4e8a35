package convert

import (
	"fmt"
	"math"
	"strconv"

	"guestlist/migrations/schema"
)

// limit is the smallest and the largest integer of a type.
type limit struct{ low, high int64 }

// ranges are the limits of PostgreSQL's integers (https://www.postgresql.org/docs/current/datatype-numeric.html).
var ranges = map[string]limit{
	"int2": {math.MinInt16, math.MaxInt16},
	"int4": {math.MinInt32, math.MaxInt32},
	"int8": {math.MinInt64, math.MaxInt64},
	"oid":  {0, math.MaxUint32},
}

// wholeDigits is how many decimal digits the integers have at most.
var wholeDigits = map[string]int{"int2": 5, "int4": 10, "int8": 19}

// limitOf returns the limit of an integer type: what both Go and PostgreSQL can hold. Columns of unsigned integers, and
// of those of 8 bits, can hold more than Go reads, as PostgreSQL has no such types.
func limitOf(t schema.Type) limit {
	l := ranges[parsed(t).Name]
	switch {
	case t.Kind == schema.Int && t.Size == 8:
		l = limit{math.MinInt8, math.MaxInt8}
	case t.Kind == schema.Uint && (t.Size == 8 || t.Size == 16 || t.Size == 32):
		l = limit{0, 1<<t.Size - 1}
	case t.Kind == schema.Uint:
		l.low = 0
	}
	return l
}

// isWithin reports whether every integer of the one limit is also within the other.
func (l limit) isWithin(other limit) bool { return l.low >= other.low && l.high <= other.high }

// holds reports whether every number of that many digits before the point is within the limit.
func (l limit) holds(digits int) bool {
	return l.low < 0 && digits < len(strconv.FormatInt(l.high, 10))
}

// outside is the condition of an expression that is no integer within the limit.
func (l limit) outside(expression string) string {
	return fmt.Sprintf("%s NOT BETWEEN %d AND %d", expression, l.low, l.high)
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

// exponents are the largest powers of 10 of the floating point numbers (FLT_MAX_10_EXP and DBL_MAX_10_EXP of C).
var exponents = map[string]int{"float4": 38, "float8": 308}

func isFloat(t schema.ColumnType) bool { return floatDigits[t.Name] > 0 }

// largestExact8 is the largest floating point number of 8 bytes that is an integer of as many.
const largestExact8 = math.MaxInt64 - 1023

// The largest integers up to which floating point numbers have every one.
const (
	maxExact4 = "16777216"
	maxExact8 = "9007199254740992"
)
