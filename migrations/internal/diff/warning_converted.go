package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// converted warns of keys and checks on a column whose type changes: converted values may become equal, or no longer
// meet a check.
func (w *watch) converted(o *op.AlterColumn) []Warning {
	if o.Change.Type == nil || w.created[o.Table] || w.empty[o.Table+"."+o.Column] {
		return nil
	}
	t, _ := w.schema.Table(o.Table)
	was, _ := t.Column(o.Column)
	is := was
	is.Type = *o.Change.Type
	all := w.inline(o, o.Table, was, is)
	for _, key := range uniqueKeys(t) {
		if slices.Contains(key.columns(), o.Column) {
			all = append(all, w.becomeEqual(o, key)...)
		}
	}
	for _, c := range t.Checks {
		if schema.Mentions(c.Expression, o.Column) {
			all = append(all, w.becomeUnfit(o, c)...)
		}
	}
	return all
}

// becomeEqual warns of values that are no longer unique.
func (w *watch) becomeEqual(o *op.AlterColumn, key namedKey) []Warning {
	t, _ := w.schema.Table(o.Table)
	on := map[schema.Dialect]Warning{}
	for _, d := range schema.Dialects() {
		effect, value := w.effect(d, o)
		collation := w.collation(d, o)
		if effect.Loss == "" && collation == "" {
			continue
		}
		sql := func(c string) string {
			if c == o.Column {
				return strings.TrimSpace(value + " " + collation)
			}
			return plainName(c)
		}
		on[d] = Warning{
			Text:   fmt.Sprintf("fails where values of %s.%s become equal, which %s forbids", o.Table, o.Column, key.name),
			Advice: "Find them first", Only: d,
			Query: queryOn(d, "SELECT count(*) FROM ("+key.query(t, convertible(effect.Fails), sql)+") AS equal"),
		}
	}
	return onEither(on[schema.Postgres], on[schema.SQLite])
}

// becomeUnfit warns of values that no longer meet a check.
func (w *watch) becomeUnfit(o *op.AlterColumn, c schema.Check) []Warning {
	on := map[schema.Dialect]Warning{}
	for _, d := range schema.Dialects() {
		effect, value := w.effect(d, o)
		if effect.Loss == "" {
			continue
		}
		where := "NOT (" + strings.Join(strings.Fields(schema.Substitute(c.Expression, o.Column, "("+value+")")), " ") + ")"
		if fits := convertible(effect.Fails); fits != "" {
			where = fits + " AND " + where
		}
		on[d] = Warning{
			Text:   fmt.Sprintf("fails where %s.%s becomes what the check %s forbids", o.Table, o.Column, c.Name),
			Advice: "Find them first", Only: d, Query: queryOn(d, "SELECT count(*) FROM "+plainTable(o.Table)+" WHERE "+where),
		}
	}
	return onEither(on[schema.Postgres], on[schema.SQLite])
}

// convertible returns the condition of values that the conversion does not refuse, or an empty string.
func convertible(fails string) string {
	if fails == "" {
		return ""
	}
	return "(" + fails + ") IS NOT TRUE"
}

// queryOn returns the query for one database only.
func queryOn(d schema.Dialect, query string) schema.SQL {
	if d == schema.SQLite {
		return schema.SQL{SQLite: query}
	}
	return schema.SQL{Postgres: query}
}
