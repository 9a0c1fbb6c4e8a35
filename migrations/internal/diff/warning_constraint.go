package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// checkKey and foreignKeyKey return the same string for two checks, or two foreign keys, that are met by the same rows,
// whatever their names.
func checkKey(table string, c schema.Check) string {
	return table + " " + schema.NormalText(c.Expression)
}

func foreignKeyKey(table string, k schema.ForeignKey) string {
	return fmt.Sprint(table, k.Columns, k.RefTable, k.RefColumns)
}

// rule returns the warnings about a check or a foreign key. For a NotValid one, SQLite checks existing rows
// immediately, and PostgreSQL when it is validated.
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

// check warns of rows that may not meet a check, unless they are known to.
func (w *watch) check(o *op.AddCheck) []Warning {
	if w.created[o.Table] || w.met[checkKey(o.Table, o.Check)] || w.passes(o.Table, o.Check.Expression) {
		return nil
	}
	expression := strings.Join(strings.Fields(w.asBefore(o.Table, o.Check.Expression)), " ")
	return []Warning{{
		Text:   fmt.Sprintf("the check %s fails where rows of %s do not meet it", o.Check.Name, o.Table),
		Advice: "Find them first",
		Code:   fmt.Sprintf("SELECT * FROM %s WHERE NOT (%s)", plainTable(o.Table), expression),
	}}
}

// passes reports whether all rows are known to meet an expression, because it mentions only new columns, and these hold
// either NULL, for which it does not test, or a default that meets it.
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

// foreignKey warns of rows that may reference no row. NULL references nothing, and is allowed.
func (w *watch) foreignKey(o *op.AddForeignKey) []Warning {
	k := o.Key
	fresh := slices.ContainsFunc(k.Columns, func(c string) bool { return w.empty[o.Table+"."+c] })
	if w.created[o.Table] || fresh || w.met[foreignKeyKey(o.Table, k)] && !w.created[k.RefTable] {
		return nil
	}
	if w.created[k.RefTable] {
		return []Warning{{
			Text: fmt.Sprintf("the foreign key %s fails where rows of %s reference rows of %s, which has none yet",
				k.Name, o.Table, k.RefTable),
			Advice: "Fill it with m.SQL first, or find them",
			Code:   fmt.Sprintf("SELECT * FROM %s WHERE %s", plainTable(o.Table), w.asBefore(o.Table, notNull("", k.Columns))),
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
		Text:   fmt.Sprintf("the foreign key %s fails where rows of %s reference no row of %s", k.Name, o.Table, k.RefTable),
		Advice: "Find them first",
		Code: fmt.Sprintf("SELECT t.* FROM %s t LEFT JOIN %s r ON %s WHERE %s AND r.%s IS NULL",
			rows, plainTable(k.RefTable), strings.Join(joined, " AND "), notNull("t.", k.Columns),
			plainName(k.RefColumns[0])),
	}}
}

// notNull returns the condition that no column is NULL.
func notNull(prefix string, columns []string) string {
	var all []string
	for _, c := range columns {
		all = append(all, prefix+plainName(c)+" IS NOT NULL")
	}
	return strings.Join(all, " AND ")
}

// dangling warns of rows that keep values of a dropped foreign key when the table it referenced is dropped.
func (w *watch) dangling(table string) []Warning {
	var all []Warning
	for _, r := range append(w.schema.References(table), w.freed...) {
		_, stays := w.schema.Table(r.Table)
		gone := func(c string) bool { return w.goes[r.Table+"."+c] || w.empty[r.Table+"."+c] }
		if r.Key.RefTable != table || !stays || w.goes[r.Table] || w.created[r.Table] ||
			slices.ContainsFunc(r.Key.Columns, gone) {
			continue
		}
		all = append(all, Warning{
			Text: fmt.Sprintf("leaves rows of %s that reference rows of %s by %s",
				r.Table, table, strings.Join(r.Key.Columns, ", ")),
			Advice: "Count them first, and change them if they should reference nothing",
			Query: schema.Both(fmt.Sprintf("SELECT count(*) FROM %s WHERE %s",
				plainTable(r.Table), notNull("", r.Key.Columns))),
		})
	}
	return all
}
