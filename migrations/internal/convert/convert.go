// Package convert says what happens to the values of a column when its type changes: which are refused, which change,
// and how SQL finds both. It is pure, and serves the warnings as well as the conversion:
//
//	type before, type after ─▶ On(dialect) ─▶ Effect ─▶ diff: warnings with a query
//	                                             └────▶ ddl: USING, and what SQLite does not refuse on its own
//
// PostgreSQL casts values, rounds them and refuses those that do not fit. SQLite has five storage classes, whatever the
// name of the type (https://www.sqlite.org/datatype3.html), and loses less; but Go may be unable to read what it keeps.
package convert

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// Effect is what a type change does to values on one database. The conditions are SQL over the row before the change;
// they are empty if there is nothing to find, or no way to find it.
type Effect struct {
	Using   string // the expression of the new value, if the database has no conversion of its own
	Refused bool   // the database refuses the change, whatever the rows hold

	Loss  string // what happens to values that change: rounds users.score to whole numbers
	Loses string // the condition of these values

	Failure string // which values are refused: a value of users.age does not fit into int(32)
	Fails   string // the condition of these values
	Unlike  bool   // refused values are not out of range, but not of the new type at all
	Kept    bool   // the database itself would not refuse these values, but keep or change them

	// Storage holds the storage classes allowed for the new values on SQLite; none means any.
	Storage []string
}

// IsSafe reports whether every value is converted without loss or failure.
func (e Effect) IsSafe() bool { return !e.Refused && e.Loss == "" && e.Failure == "" }

// Where returns the condition of all affected rows.
func (e Effect) Where() string {
	conditions := slices.DeleteFunc([]string{e.Loses, e.Fails}, func(c string) bool { return c == "" })
	return strings.Join(conditions, " OR ")
}

// Column is a column's name in messages and in SQL.
type Column struct{ Name, SQL string }

// On returns what the change from was to is does to the values of a column on the dialect.
func On(d schema.Dialect, c Column, was, is schema.Type) Effect {
	if d == schema.SQLite {
		return newSQLite(c, was, is).effect()
	}
	return newPostgres(c, was, is).effect()
}

// Class returns the class of a type's values on PostgreSQL: int, number, text, moment, bool, …; for an unknown type,
// its name.
func Class(t schema.Type) string {
	class := classOf(parsed(t))
	if class.known() || t.Kind != schema.Verbatim {
		return string(class)
	}
	if other := classOf(schema.ParseColumnType(t.For(schema.SQLite))); other.known() {
		return string(other)
	}
	return string(class)
}

// parsed returns the type as named on PostgreSQL, which says more than the name on SQLite, unless only SQLite has it.
func parsed(t schema.Type) schema.ColumnType {
	if text := t.For(schema.Postgres); text != "" {
		return schema.ParseColumnType(text)
	}
	return schema.ParseColumnType(t.For(schema.SQLite))
}

// Epoch returns the expressions that convert seconds since 1970 to a time, or a time to seconds, which neither database
// does on its own. They are empty for all other changes.
func Epoch(column string, was, is schema.Type) schema.SQL {
	from, to := class(Class(was)), class(Class(is))
	switch {
	case from.isNumeric() && to == moment:
		return schema.SQL{
			Postgres: "to_timestamp(" + column + ")",
			SQLite:   "strftime('%Y-%m-%d %H:%M:%S+00:00', " + column + ", 'unixepoch')",
		}
	case from == moment && to.isNumeric():
		return schema.SQL{
			Postgres: "extract(epoch from " + column + ")",
			SQLite:   "CAST(strftime('%s', " + column + ") AS integer)",
		}
	default:
		return schema.SQL{}
	}
}

// class is a group of types that are converted alike.
type class string

const (
	boolean  class = "bool"
	integer  class = "int"
	number   class = "number"
	text     class = "text"
	moment   class = "moment"
	clock    class = "clock" // a time of day
	interval class = "interval"
	bytes    class = "bytes"
	document class = "json"
	uuid     class = "uuid"
)

var classes = map[string]class{
	"bool": boolean, "int2": integer, "int4": integer, "int8": integer,
	"numeric": number, "float4": number, "float8": number,
	"text": text, "varchar": text, "bpchar": text, "citext": text,
	"timestamptz": moment, "timestamp": moment, "date": moment, "time": clock, "timetz": clock, "interval": interval,
	"bytea": bytes, "json": document, "jsonb": document, "uuid": uuid,
}

// classOf returns the class of a type, or the name of an unknown type.
func classOf(t schema.ColumnType) class {
	if c, ok := classes[t.Name]; ok {
		return c
	}
	return class(t.Name)
}

func (c class) known() bool {
	for _, other := range classes {
		if c == other {
			return true
		}
	}
	return false
}

func (c class) isNumeric() bool { return c == integer || c == number }

// castable reports whether PostgreSQL can convert from one type to the other, by its casts (pg_cast; for text,
// https://www.postgresql.org/docs/current/sql-createcast.html) or by an expression of this package. It is true for
// unknown types.
func castable(from, to schema.ColumnType) bool {
	was, is := classOf(from), classOf(to)
	switch {
	case was == is, was == text, is == text:
		return true
	case hasFewCasts(from), hasFewCasts(to):
		return listed(from, to)
	case !was.known(), !is.known():
		return true
	case was == moment, was == clock, was == interval:
		return castableTimes(from, to)
	case was.isNumeric(), from.Name == "jsonb":
		return is.isNumeric() || is == boolean
	default:
		return was == boolean && is.isNumeric()
	}
}

// castableTimes is castable from a time, a time of day or an interval to another class.
func castableTimes(from, to schema.ColumnType) bool {
	switch classOf(from) {
	case moment:
		return classOf(to) == clock && from.Name != "date" && (from.Name == "timestamptz" || to.Name == "time")
	case clock:
		return classOf(to) == interval && from.Name == "time"
	default:
		return to.Name == "time"
	}
}
