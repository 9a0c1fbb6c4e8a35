// Package convert knows what becomes of the values of a column when its type changes: which are refused, which become
// others, and how SQL finds both. It is pure, and one for those who warn and those who do it:
//
//	type before, type after ─▶ On(dialect) ─▶ Effect ─▶ diff: warnings with a query
//	                                             └────▶ ddl: USING, and what SQLite does not refuse by itself
//
// PostgreSQL casts values, rounds them and refuses what does not fit. SQLite has five classes of values, whatever the
// type is called (https://www.sqlite.org/datatype3.html), and loses less; but what it keeps, Go may be unable to read.
package convert

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// Effect is what becomes of values on one database. The conditions are SQL about a row as it was before; they are empty
// where there is nothing to find, or no way to find it.
type Effect struct {
	Using   string // the expression that makes the new value, where the database does not know by itself
	Refused bool   // the database refuses the change, whatever the rows hold

	Loss  string // what happens to values that become others: rounds users.score to whole numbers
	Loses string // the condition of those

	Failure string // what is refused: a value of users.age does not fit into int(32)
	Fails   string // the condition of that
	Unlike  bool   // what is refused is not too large, but nothing of the new type
	Kept    bool   // the database by itself would keep, or make something else of, what is refused

	// Storage holds the classes that SQLite may store the new values in; none means any.
	Storage []string
}

// IsSafe reports whether every value stays what it is.
func (e Effect) IsSafe() bool { return !e.Refused && e.Loss == "" && e.Failure == "" }

// Where is the condition of all rows concerned.
func (e Effect) Where() string {
	conditions := slices.DeleteFunc([]string{e.Loses, e.Fails}, func(c string) bool { return c == "" })
	return strings.Join(conditions, " OR ")
}

// Column is a column by its name for people and by its name in SQL.
type Column struct{ Name, SQL string }

// On returns what becomes of the values of a column on the dialect.
func On(d schema.Dialect, c Column, was, is schema.Type) Effect {
	if d == schema.SQLite {
		return newSQLite(c, was, is).effect()
	}
	return newPostgres(c, was, is).effect()
}

// Class returns the class of a type's values, as PostgreSQL has them: int, number, text, moment, bool, …; for a type of
// which nothing is known, its name.
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

// parsed is the type by its name on PostgreSQL, which says more than SQLite's, unless it is a type of SQLite alone.
func parsed(t schema.Type) schema.ColumnType {
	if text := t.For(schema.Postgres); text != "" {
		return schema.ParseColumnType(text)
	}
	return schema.ParseColumnType(t.For(schema.SQLite))
}

// Epoch returns the expressions that make a time of the seconds since 1970, or these of a time, which neither database
// does by itself; the two are empty for all other changes.
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

// classOf returns the class, and for a type of which nothing is known its name.
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

// castable reports whether PostgreSQL makes the one of the other, with the help of ddl (pg_cast, and
// https://www.postgresql.org/docs/current/sql-createcast.html on text). Of unknown types it may.
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

// castableTimes is castable from a time, a time of day or a span to another class.
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
