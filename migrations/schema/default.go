package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// DefaultKind is what a default is made of.
type DefaultKind int

// The kinds of defaults. A default that is an empty string or 0 is something else than none; one that is NULL is none,
// in other words.
const (
	NoDefault DefaultKind = iota
	NullDefault
	StringDefault
	NumberDefault
	BoolDefault
	ExpressionDefault
	// InvalidDefault holds the name of a Go type that is no default; a table with one is refused.
	InvalidDefault
)

// Default is the default of a column; the zero value is none.
type Default struct {
	Kind DefaultKind
	// Text is the string itself (not quoted), the number, or true or false.
	Text string
	// SQL is the text of an expression.
	SQL SQL
}

// Expression returns a default that the database computes for each new row.
func Expression(text SQL) Default { return Default{Kind: ExpressionDefault, SQL: text} }

// Literal returns the default for a Go value: nil for NULL, a string, a bool or a number. Anything else, dates
// among them, has no portable literal and gives an InvalidDefault.
func Literal(value any) Default {
	switch v := value.(type) {
	case nil:
		return Default{Kind: NullDefault}
	case string:
		return Default{Kind: StringDefault, Text: v}
	case bool:
		return Default{Kind: BoolDefault, Text: strconv.FormatBool(v)}
	case float64:
		return Default{Kind: NumberDefault, Text: strconv.FormatFloat(v, 'f', -1, 64)}
	case float32:
		return Default{Kind: NumberDefault, Text: strconv.FormatFloat(float64(v), 'f', -1, 32)}
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return Default{Kind: NumberDefault, Text: fmt.Sprint(v)}
	default:
		return Default{Kind: InvalidDefault, Text: fmt.Sprintf("%T", value)}
	}
}

// Equal reports whether the two defaults mean the same.
func (d Default) Equal(other Default) bool { return d.Normal() == other.Normal() }

// Normal returns the default with 1.50 written as 1.5, and expressions as NormalText writes them.
func (d Default) Normal() Default {
	switch d.Kind {
	case NumberDefault:
		d.Text = normalNumber(d.Text)
	case ExpressionDefault:
		d.SQL = SQL{Postgres: NormalText(d.SQL.Postgres), SQLite: NormalText(d.SQL.SQLite)}
		if d.SQL == Both("null") {
			return Default{}
		}
	case NullDefault:
		return Default{}
	}
	return d
}

func normalNumber(text string) string {
	if !strings.ContainsAny(text, ".eE") {
		return text
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// String returns a short text for people.
func (d Default) String() string {
	switch d.Kind {
	case NoDefault:
		return "none"
	case NullDefault:
		return "null"
	case StringDefault:
		return "'" + d.Text + "'"
	case ExpressionDefault:
		return d.SQL.String()
	default:
		return d.Text
	}
}
