package lint

import (
	"math"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// retype is a change of a column's type. What is not rewritten is still looked at by checks that mention the column.
func (a *alteration) retype(column string, r *reader) {
	text, using := r.rest(), ""
	if rest := (&reader{r.tokens}); rest.skipTo("using") {
		text = (&reader{r.tokens[:len(r.tokens)-len(rest.tokens)-1]}).rest()
		using = rest.rest()
	}
	c, known := a.t.Column(column)
	was, is := schema.ParseColumnType(c.Type.For(schema.Postgres)), schema.ParseColumnType(text)
	same := strings.EqualFold(schema.SplitType(text).Collation, schema.SplitType(c.Type.For(schema.Postgres)).Collation)
	switch {
	case !known, using != "" && !isCast(using, column, is), !keepsRows(was, is):
		a.work(Rewrite, a.table)
	case !same && a.indexed(column):
		a.work(Build, a.table)
	case slices.ContainsFunc(a.t.Checks, func(k schema.Check) bool { return schema.Mentions(k.Expression, column) }):
		a.work(Scan, a.table)
	}
	a.pointing(column)
}

// pointing locks the tables at the other end of the column's foreign keys, which are made again.
func (a *alteration) pointing(column string) {
	for _, k := range a.t.ForeignKeys {
		if slices.Contains(k.Columns, column) {
			a.lock(k.RefTable, AccessExclusive)
		}
	}
}

func (a *alteration) indexed(column string) bool { return len(a.t.Uses(column).Names()) > 0 }

// isCast reports whether the expression is the column alone, or cast to the type.
func isCast(using, column string, is schema.ColumnType) bool {
	r := read(using)
	if r.name() != column {
		return false
	}
	if len(r.tokens) == 0 {
		return true
	}
	cast := r.accept(":", ":")
	to := schema.ParseColumnType(r.rest())
	return cast && to.Name == is.Name && slices.Equal(to.Args, is.Args)
}

// keepsRows reports whether PostgreSQL leaves the rows as they are, as every value is stored alike and fits
// (https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES, and what pg_cast calls binary
// coercible).
func keepsRows(was, is schema.ColumnType) bool {
	const unlimited = math.MaxInt
	grows := func(n int) bool { return was.Arg(n, unlimited) <= is.Arg(n, unlimited) }
	isText := func(t schema.ColumnType) bool { return t.Name == "text" || t.Name == "varchar" }
	switch {
	case isText(was) && isText(is):
		return len(is.Args) == 0 || was.Name == "varchar" && grows(0)
	case was.Name == "cidr" && is.Name == "inet", was.Name == "xml" && is.Name == "text":
		return true
	case was.Name != is.Name:
		return false
	}
	switch is.Name {
	case "numeric":
		return len(is.Args) == 0 || len(was.Args) > 0 && was.Arg(1, 0) == is.Arg(1, 0) && grows(0)
	case "timestamp", "timestamptz", "time", "timetz", "interval", "varbit":
		return grows(0)
	default:
		return slices.Equal(was.Args, is.Args)
	}
}

// steady are functions that give one result throughout a statement, or always: a default made of them is computed once
// for all rows that are there.
var steady = []string{
	"now", "transaction_timestamp", "statement_timestamp", "current_timestamp", "localtimestamp", "current_date",
	"current_time", "localtime", "current_user", "session_user", "date_trunc", "timezone", "to_timestamp", "make_date",
	"make_interval", "make_timestamp", "make_timestamptz", "extract", "coalesce", "nullif", "greatest", "least", "concat",
	"lower", "upper", "md5", "length", "char_length", "repeat", "replace", "substring", "trim", "round", "abs", "cast",
	"array", "jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array", "to_json", "to_jsonb",
	"numeric", "decimal", "varchar", "character", "char", "timestamp", "timestamptz", "time", "interval", "bit", "in",
}

// isVolatile reports whether the expression may differ from row to row. A function that is not known may.
func isVolatile(expression string) bool { return callsUnknown(read(expression).tokens, nil) }

// callsUnknown reports whether a function is called that is neither steady nor one of the others.
func callsUnknown(tokens []schema.Token, others []string) bool {
	for i, t := range tokens {
		if t.Kind != schema.WordToken && t.Kind != schema.NameToken || i+1 == len(tokens) || tokens[i+1].Text != "(" {
			continue
		}
		name, _ := t.Name()
		if name = strings.ToLower(name); !slices.Contains(steady, name) && !slices.Contains(others, name) {
			return true
		}
	}
	return false
}
