package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// DefaultKind is the kind of a default.
type DefaultKind int

// The kinds of defaults. An empty string or 0 is a default; NULL means the same as no default.
const (
	NoDefault DefaultKind = iota
	NullDefault
	StringDefault
	NumberDefault
	BoolDefault
	ExpressionDefault
	// InvalidDefault holds the name of a Go type that cannot be a default; package op rejects a column with one.
	InvalidDefault
)

// Default is the default of a column; the zero value means none.
type Default struct {
	Kind DefaultKind
	// Text is the string (unquoted), the number, or true or false.
	Text string
	// SQL is the text of an expression.
	SQL SQL
}

// Expression returns a default that the database evaluates for each new row.
func Expression(text SQL) Default { return Default{Kind: ExpressionDefault, SQL: text} }

// Literal returns the default for a Go value: nil for NULL, a string, a bool or a number. Other values, dates included,
// have no portable literal, and the result is an InvalidDefault.
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

// Equal reports whether the two defaults have the same normal form.
func (d Default) Equal(other Default) bool { return d.Normal() == other.Normal() }

// Normal returns the default in its normal form: 1.50 is 1.5, expressions are in the form of NormalText, and NULL is no
// default.
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

// String returns a short description: 'guest', 0, null or none.
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
