package convert

import (
	"fmt"
	"math"
	"strconv"

	"guestlist/migrations/schema"
)

// limit is the range of an integer type, inclusive.
type limit struct{ low, high int64 }

// ranges are the limits of PostgreSQL's integers (https://www.postgresql.org/docs/current/datatype-numeric.html).
var ranges = map[string]limit{
	"int2": {math.MinInt16, math.MaxInt16},
	"int4": {math.MinInt32, math.MaxInt32},
	"int8": {math.MinInt64, math.MaxInt64},
	"oid":  {0, math.MaxUint32},
}

// wholeDigits is the maximum number of decimal digits of the integers.
var wholeDigits = map[string]int{"int2": 5, "int4": 10, "int8": 19}

// limitOf returns the range that both Go and PostgreSQL can hold for an integer type. Columns for unsigned and 8-bit
// integers can hold more than Go reads, as PostgreSQL has no such types.
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

// isWithin reports whether every integer of l is within other.
func (l limit) isWithin(other limit) bool { return l.low >= other.low && l.high <= other.high }

// holds reports whether every number with that many digits before the decimal point is within the limit.
func (l limit) holds(digits int) bool {
	return l.low < 0 && digits < len(strconv.FormatInt(l.high, 10))
}

// outside returns the condition that an expression is outside the limit.
func (l limit) outside(expression string) string {
	return fmt.Sprintf("%s NOT BETWEEN %d AND %d", expression, l.low, l.high)
}

// unbounded is the number of digits of a numeric without a precision.
const unbounded = 1 << 20

// scale returns the maximum number of digits after the decimal point.
func scale(t schema.ColumnType) int {
	if t.Name == "numeric" && len(t.Args) > 0 {
		return t.Arg(1, 0)
	}
	if t.Name == "numeric" {
		return unbounded
	}
	return 0
}

// digits returns the maximum number of digits before the decimal point.
func digits(t schema.ColumnType) int {
	if n, ok := wholeDigits[t.Name]; ok {
		return n
	}
	if t.Name == "numeric" && len(t.Args) > 0 {
		return t.Args[0] - t.Arg(1, 0)
	}
	return unbounded
}

// floatDigits is the number of significant decimal digits that floating-point numbers keep (FLT_DIG and DBL_DIG in C).
var floatDigits = map[string]int{"float4": 6, "float8": 15}

// isExact reports whether the floating-point type keeps that many significant decimal digits.
func isExact(t schema.ColumnType, digits int) bool { return digits <= floatDigits[t.Name] }

// exponents are the largest decimal exponents of the floating-point types (FLT_MAX_10_EXP and DBL_MAX_10_EXP in C).
var exponents = map[string]int{"float4": 38, "float8": 308}

func isFloat(t schema.ColumnType) bool { return floatDigits[t.Name] > 0 }

// largestExact8 is the largest 8-byte floating-point number that fits an 8-byte integer.
const largestExact8 = math.MaxInt64 - 1023

// The largest integers up to which the floating-point types hold every integer.
const (
	maxExact4 = "16777216"
	maxExact8 = "9007199254740992"
)
