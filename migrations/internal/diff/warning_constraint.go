package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// checkOf and pointing report whether a check or a foreign key asks the same of the rows as another.
func checkOf(table string, c schema.Check) string {
	return table + " " + schema.NormalText(c.Expression)
}

func pointing(table string, k schema.ForeignKey) string {
	return fmt.Sprint(table, k.Columns, k.RefTable, k.RefColumns)
}

// rule returns the warnings about a check or a foreign key. Of one that is not valid, SQLite looks at all rows at once,
// and PostgreSQL at those that are there when it is validated.
func (w *watch) rule(o op.Operation) []Warning {
	switch o := o.(type) {
	case *op.AddCheck:
		if o.Check.NotValid {
			return onSQLite(w.check(o))
		}
		return w.check(o)
	case *op.AddForeignKey:
		if o.Key.NotValid {
			return onSQLite(w.foreignKey(o))
		}
		return w.foreignKey(o)
	case *op.ValidateCheck:
		t, _ := w.schema.Table(o.Table)
		c, _ := t.Check(o.Name)
		return onPostgres(w.check(&op.AddCheck{Table: o.Table, Check: c}))
	case *op.ValidateForeignKey:
		t, _ := w.schema.Table(o.Table)
		k, _ := t.ForeignKey(o.Name)
		return onPostgres(w.foreignKey(&op.AddForeignKey{Table: o.Table, Key: k}))
	default:
		return nil
	}
}

func onSQLite(warnings []Warning) []Warning { return onOne(schema.SQLite, "on SQLite, ", warnings) }

func onPostgres(warnings []Warning) []Warning {
	return onOne(schema.Postgres, "on PostgreSQL, ", warnings)
}

func onOne(d schema.Dialect, words string, warnings []Warning) []Warning {
	for i := range warnings {
		warnings[i].Only, warnings[i].Text = d, words+warnings[i].Text
	}
	return warnings
}

// check warns of rows that do not meet a check, unless it holds already or all it is about is new.
func (w *watch) check(o *op.AddCheck) []Warning {
	if w.created[o.Table] || w.met[checkOf(o.Table, o.Check)] || w.passes(o.Table, o.Check.Expression) {
		return nil
	}
	expression := strings.Join(strings.Fields(w.asBefore(o.Table, o.Check.Expression)), " ")
	return []Warning{{
		Text:   fmt.Sprintf("the check %s fails where rows of %s do not meet it", o.Check.Name, o.Table),
		Advice: "Find them first",
		Code:   fmt.Sprintf("SELECT * FROM %s WHERE NOT (%s)", plainTable(o.Table), expression),
	}}
}

// passes reports whether an expression is about new columns only, in which all rows hold the same: NULL, of which it
// does not ask, or a default that meets it.
func (w *watch) passes(table, expression string) bool {
	lower := strings.ToLower(expression)
	asksForNull := strings.Contains(lower, "null") || strings.Contains(lower, "coalesce")
	t, _ := w.schema.Table(table)
	mentioned, constant := false, false
	for _, c := range t.Columns {
		if !schema.Mentions(expression, c.Name) {
			continue
		}
		mentioned = true
		if isNull, isNew := w.empty[table+"."+c.Name]; !isNew || isNull && asksForNull {
			return false
		}
		constant = constant || w.isConstant(table, c.Name)
	}
	return mentioned && (!constant || isTrue(w.asBefore(table, expression)))
}

// foreignKey warns of rows that point nowhere. One that holds NULL points at nothing, and may.
func (w *watch) foreignKey(o *op.AddForeignKey) []Warning {
	k := o.Key
	fresh := slices.ContainsFunc(k.Columns, func(c string) bool { return w.empty[o.Table+"."+c] })
	if w.created[o.Table] || fresh || w.met[pointing(o.Table, k)] && !w.created[k.RefTable] {
		return nil
	}
	if w.created[k.RefTable] {
		return []Warning{{
			Text: fmt.Sprintf("the foreign key %s fails where rows of %s point at rows of %s, which has none yet",
				k.Name, o.Table, k.RefTable),
			Advice: "Fill it with m.SQL before, or find them first",
			Code:   fmt.Sprintf("SELECT * FROM %s WHERE %s", plainTable(o.Table), w.asBefore(o.Table, filled("", k.Columns))),
		}}
	}
	var joined, added []string
	for i, c := range k.Columns {
		if value, isNew := w.values[o.Table+"."+c]; isNew {
			added = append(added, w.asBefore(o.Table, value)+" AS "+plainName(c))
		}
		joined = append(joined, fmt.Sprintf("r.%s = t.%s", plainName(k.RefColumns[i]), plainName(c)))
	}
	rows := plainTable(o.Table)
	if len(added) > 0 {
		rows = "(SELECT *, " + strings.Join(added, ", ") + " FROM " + rows + ")"
	}
	return []Warning{{
		Text:   fmt.Sprintf("the foreign key %s fails where rows of %s point at no row of %s", k.Name, o.Table, k.RefTable),
		Advice: "Find them first",
		Code: fmt.Sprintf("SELECT t.* FROM %s t LEFT JOIN %s r ON %s WHERE %s AND r.%s IS NULL",
			rows, plainTable(k.RefTable), strings.Join(joined, " AND "), filled("t.", k.Columns),
			plainName(k.RefColumns[0])),
	}}
}

// filled is the condition of rows that point at something.
func filled(prefix string, columns []string) string {
	var all []string
	for _, c := range columns {
		all = append(all, prefix+plainName(c)+" IS NOT NULL")
	}
	return strings.Join(all, " AND ")
}

// left warns of rows that point at those of a table that goes: the foreign key has gone before, and they stay.
func (w *watch) left(table string) []Warning {
	var all []Warning
	for _, r := range append(w.schema.References(table), w.freed...) {
		_, stays := w.schema.Table(r.Table)
		gone := func(c string) bool { return w.goes[r.Table+"."+c] || w.empty[r.Table+"."+c] }
		if r.Key.RefTable != table || !stays || w.goes[r.Table] || w.created[r.Table] ||
			slices.ContainsFunc(r.Key.Columns, gone) {
			continue
		}
		all = append(all, Warning{
			Text: fmt.Sprintf("leaves rows of %s that point at rows of %s by %s",
				r.Table, table, strings.Join(r.Key.Columns, ", ")),
			Advice: "Count them first, and change them if they should point at nothing",
			Query: schema.Both(fmt.Sprintf("SELECT count(*) FROM %s WHERE %s",
				plainTable(r.Table), filled("", r.Key.Columns))),
		})
	}
	return all
}
