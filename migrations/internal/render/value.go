package render

import (
	"slices"
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// longestRaw is the length of the longest line of a back-quoted string: wrap can break other strings only.
const longestRaw = 90

// text returns a Go string, back-quoted if that spares escapes.
func text(value string) string {
	quoted := strconv.Quote(value)
	plain := strings.ReplaceAll(value, "\n", "")
	if strings.Contains(quoted, `\`) && strconv.CanBackquote(plain) && !strings.Contains(plain, "\t") &&
		!slices.ContainsFunc(strings.Split(value, "\n"), func(line string) bool { return len(line) > longestRaw }) {
		return "`" + value + "`"
	}
	return quoted
}

// longestDialects is the length of the longest op.Dialects on one line.
const longestDialects = 70

// dialects returns an op.Dialects, with a line for each text if they are long.
func dialects(texts schema.SQL) string {
	var fields []string
	if texts.Postgres != "" {
		fields = append(fields, "Postgres: "+text(texts.Postgres))
	}
	if texts.SQLite != "" {
		fields = append(fields, "SQLite: "+text(texts.SQLite))
	}
	if one := "op.Dialects{" + strings.Join(fields, ", ") + "}"; len(fields) < 2 || len(one) <= longestDialects {
		return one
	}
	return "op.Dialects{\n" + strings.Join(fields, ",\n") + ",\n}"
}

// columnType returns the call of package op that makes the type.
func columnType(t schema.Type) string {
	call := func(name string, arguments ...int) string {
		texts := make([]string, 0, len(arguments))
		for _, a := range arguments {
			texts = append(texts, strconv.Itoa(a))
		}
		return "op." + name + "(" + strings.Join(texts, ", ") + ")"
	}
	switch t.Kind {
	case schema.Bool:
		return call("Bool")
	case schema.Int:
		return call("Int", t.Size)
	case schema.Uint:
		return call("Uint", t.Size)
	case schema.Bytes:
		return call("Bytes")
	case schema.Float:
		if t.Precision > 0 {
			return call("Decimal", t.Precision, t.Scale)
		}
		return call("Float", t.Size)
	case schema.String:
		if t.Size == 0 {
			return call("Text")
		}
		return call("String", t.Size)
	case schema.Time:
		if t.Precision == 0 {
			return call("Time")
		}
		return call("Time", t.Precision)
	default:
		return verbatim(t.SQL)
	}
}

func verbatim(texts schema.SQL) string {
	if texts.Postgres == texts.SQLite {
		return "op.Type(" + text(texts.Postgres) + ")"
	}
	return "op.TypeFor(" + dialects(texts) + ")"
}

// defaultValue returns the argument of a call of Default.
func defaultValue(d schema.Default) string {
	switch d.Kind {
	case schema.NullDefault:
		return "nil"
	case schema.StringDefault:
		return text(d.Text)
	case schema.BoolDefault:
		return d.Text
	case schema.NumberDefault:
		return number(d.Text)
	default:
		if d.SQL.Postgres == d.SQL.SQLite {
			return "op.Expr(" + text(d.SQL.Postgres) + ")"
		}
		return "op.ExprFor(" + dialects(d.SQL) + ")"
	}
}

// number returns a number as a Go expression. One too large for an int needs a conversion.
func number(digits string) string {
	if _, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return digits
	}
	if _, err := strconv.ParseUint(digits, 10, 64); err == nil {
		return "uint64(" + digits + ")"
	}
	if !strings.ContainsAny(digits, ".eE") {
		return "float64(" + digits + ")"
	}
	return digits
}
