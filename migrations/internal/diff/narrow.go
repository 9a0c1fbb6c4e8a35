package diff

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// The advice that goes with a narrower type.
const (
	lookFirst = "Look for such values first, and change them"
	keepCopy  = "Keep a copy of what is still wanted"
)

// narrowing warns where values of the one type may not fit into the other.
func narrowing(column string, was, is schema.Type) (Warning, bool) {
	text, advice := converted(column, was, is)
	if family(was) == family(is) {
		text, advice = narrowed(column, was, is)
	}
	return Warning{Text: text, Advice: advice}, text != ""
}

// narrowed compares types of one family.
func narrowed(column string, was, is schema.Type) (text, advice string) {
	switch family(is) {
	case integer:
		if rank(is) < rank(was) {
			return fmt.Sprintf("fails where a value of %s does not fit into %s", column, is), lookFirst
		}
	case characters:
		return overlong(column, was, is)
	case decimal:
		if is.Precision > 0 && (was.Precision == 0 || fewerDigits(was, is)) {
			return fmt.Sprintf("rounds %s to %s, and fails where a value has more digits", column, is), lookFirst
		}
	case moment:
		if is.Precision > 0 && (was.Precision == 0 || is.Precision < was.Precision) {
			return fmt.Sprintf("rounds %s to %s", column, is), keepCopy
		}
	}
	return "", ""
}

// converted compares types of two families.
func converted(column string, was, is schema.Type) (text, advice string) {
	from, to := family(was), family(is)
	number := from == integer || from == decimal
	switch {
	case to == characters:
		return overlong(column, was, is)
	case from == boolean && (to == integer || to == decimal), from == integer && to == decimal:
		return "", ""
	case from == decimal && to == integer:
		return fmt.Sprintf("rounds %s to whole numbers", column), keepCopy
	case number && to == boolean:
		return fmt.Sprintf("keeps of %s only whether it is 0", column), keepCopy
	case refused(was, is):
		return fmt.Sprintf("fails on PostgreSQL, which does not convert %s from %s to %s by itself", column, was, is),
			"Say with Using(…) how to convert the values"
	default:
		return fmt.Sprintf("fails where a value of %s is no %s", column, is),
			"Say with Using(…) how to convert the values, or change those that do not convert first"
	}
}

// overlong warns of texts that are longer than the type takes.
func overlong(column string, was, is schema.Type) (text, advice string) {
	if limit(is) == 0 || longest(was) <= limit(is) {
		return "", ""
	}
	return fmt.Sprintf("fails where a value of %s does not fit into %s", column, is), lookFirst
}

// refused reports whether PostgreSQL does not make a value of the one type of one of the other, and ddl does not help
// it.
func refused(was, is schema.Type) bool {
	from, to := family(was), family(is)
	number := func(family string) bool { return family == integer || family == decimal }
	helped := to == characters || number(from) && (number(to) || to == boolean) || from == boolean && number(to)
	return from != to && !helped && !converts(from, to)
}

// converts reports whether PostgreSQL has a cast between two families of which it is known; text converts to anything.
func converts(from, to string) bool {
	known := []string{boolean, integer, decimal, moment, string(schema.Bytes), "json", "jsonb", "uuid"}
	if !slices.Contains(known, from) || !slices.Contains(known, to) {
		return true
	}
	document := strings.HasPrefix(from, "json")
	return document && (strings.HasPrefix(to, "json") ||
		from == "jsonb" && slices.Contains([]string{boolean, integer, decimal}, to))
}

// longest is the length of the longest text that a value of the type becomes.
func longest(t schema.Type) int {
	switch family(t) {
	case boolean:
		return len("false")
	case integer:
		return []int{0, len("-32768"), len("-2147483648"), len("-9223372036854775808")}[rank(t)]
	case characters:
		if n := limit(t); n > 0 {
			return n
		}
	}
	return math.MaxInt
}

// fewerDigits compares the digits before the point, and those after it.
func fewerDigits(was, is schema.Type) bool {
	return is.Precision-is.Scale < was.Precision-was.Scale || is.Scale < was.Scale
}
