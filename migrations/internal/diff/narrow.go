package diff

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Advice for operations that change the values in rows.
const (
	keepCopy   = "Keep a copy of what you still need"
	lookFirst  = "Find such values first, and change them"
	countFirst = "Count the affected rows first, and keep a copy of what you still need"
	sayUsing   = "Give a conversion with Using(…)"
)

// retype returns the warnings about a type change: one if both databases do the same to the values, else one for each.
// A revision's own conversion is trusted.
func (w *watch) retype(o *op.AlterColumn) []Warning {
	t, _ := w.schema.Table(o.Table)
	c, _ := t.Column(o.Column)
	if o.Change.Type == nil || w.created[o.Table] || w.empty[o.Table+"."+o.Column] {
		return nil
	}
	column := convert.Column{Name: o.Table + "." + o.Column, SQL: plainName(o.Column)}
	on := map[schema.Dialect]Warning{}
	for _, d := range schema.Dialects() {
		effect, _ := w.effect(d, o)
		switch {
		case effect.IsSafe():
		case effect.Refused:
			on[d] = refused(column, c.Type, *o.Change.Type)
		default:
			on[d] = newWarning(d, o.Table, effect)
		}
	}
	return onEither(on[schema.Postgres], on[schema.SQLite])
}

// refused returns the warning about a change that PostgreSQL refuses for any value.
func refused(column convert.Column, was, is schema.Type) Warning {
	w := Warning{
		Text:   fmt.Sprintf("fails on PostgreSQL, which does not convert %s from %s to %s by itself", column.Name, was, is),
		Advice: sayUsing, Only: schema.Postgres,
	}
	if using := convert.Epoch(column.SQL, was, is); !using.IsZero() {
		w.Advice += "; for seconds since 1970"
		w.Code = fmt.Sprintf("UsingFor(op.Dialects{Postgres: %q, SQLite: %q})", using.Postgres, using.SQLite)
	}
	return w
}

// onEither merges the warnings of the two databases into one if they say the same; otherwise each names its database. A
// warning without text counts as none.
func onEither(postgres, sqlite Warning) []Warning {
	if postgres.Text == sqlite.Text && postgres.Text != "" {
		postgres.Only = ""
		postgres.Query.SQLite = sqlite.Query.SQLite
		return []Warning{postgres}
	}
	var all []Warning
	if postgres.Text != "" {
		if !strings.Contains(postgres.Text, "PostgreSQL") {
			postgres.Text = "on PostgreSQL, " + postgres.Text
		}
		all = append(all, postgres)
	}
	if sqlite.Text != "" {
		sqlite.Text = "on SQLite, " + sqlite.Text
		all = append(all, sqlite)
	}
	return all
}

// newWarning returns the warning about an effect on a database.
func newWarning(d schema.Dialect, table string, e convert.Effect) Warning {
	warning := Warning{Text: e.Loss, Only: d, Advice: advice(e)}
	if e.Failure != "" {
		warning.Text = strings.TrimPrefix(e.Loss+", and fails where "+e.Failure, ", and ")
	}
	if where := e.Where(); where != "" {
		query := "SELECT count(*) FROM " + plainTable(table) + " WHERE " + where
		warning.Query = queryOn(d, query)
	}
	return warning
}

func advice(e convert.Effect) string {
	switch {
	case e.Unlike:
		return sayUsing + ", or change those that do not convert first"
	case e.Loss == "":
		return lookFirst
	case e.Where() == "":
		return keepCopy
	default:
		return countFirst
	}
}

// plainName returns the name, in double quotes if it needs quotes; both databases accept these.
func plainName(name string) string {
	if schema.IsPlainName(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// plainTable is plainName for a table; the name of its schema is quoted separately.
func plainTable(name string) string {
	if space, table, ok := strings.Cut(name, "."); ok {
		return plainName(space) + "." + plainName(table)
	}
	return plainName(name)
}
