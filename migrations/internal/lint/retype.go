package lint

import (
	"math"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// retype changes the type of a column. If the table is not rewritten, checks that mention the column still scan it.
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
	a.lockReferenced(column)
}

// lockReferenced locks the tables at the other end of the column's foreign keys, which are recreated.
func (a *alteration) lockReferenced(column string) {
	for _, k := range a.t.ForeignKeys {
		if slices.Contains(k.Columns, column) {
			a.lock(k.RefTable, AccessExclusive)
		}
	}
}

func (a *alteration) indexed(column string) bool { return len(a.t.Uses(column).Names()) > 0 }

// isCast reports whether the expression is the column alone, or a cast of it to the type.
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

// keepsRows reports whether PostgreSQL does not rewrite the rows, because every value fits and is stored the same way
// (https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES; pg_cast calls it binary
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

// stable are functions whose result is the same throughout a statement, or always: a default that calls only these is
// computed once for all existing rows.
var stable = []string{
	"now", "transaction_timestamp", "statement_timestamp", "current_timestamp", "localtimestamp", "current_date",
	"current_time", "localtime", "current_user", "session_user", "date_trunc", "timezone", "to_timestamp", "make_date",
	"make_interval", "make_timestamp", "make_timestamptz", "extract", "coalesce", "nullif", "greatest", "least", "concat",
	"lower", "upper", "md5", "length", "char_length", "repeat", "replace", "substring", "trim", "round", "abs", "cast",
	"array", "jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array", "to_json", "to_jsonb",
	"numeric", "decimal", "varchar", "character", "char", "timestamp", "timestamptz", "time", "interval", "bit", "in",
}

// isVolatile reports whether the expression may differ from row to row, as one with an unknown function may.
func isVolatile(expression string) bool { return callsUnknown(read(expression).tokens, nil) }

// callsUnknown reports whether the tokens call a function that is neither stable nor one of the others.
func callsUnknown(tokens []schema.Token, others []string) bool {
	for i, t := range tokens {
		if t.Kind != schema.WordToken && t.Kind != schema.NameToken || i+1 == len(tokens) || tokens[i+1].Text != "(" {
			continue
		}
		name, _ := t.Name()
		if name = strings.ToLower(name); !slices.Contains(stable, name) && !slices.Contains(others, name) {
			return true
		}
	}
	return false
}
