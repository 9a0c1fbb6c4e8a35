package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// uniqueKey is what no two rows may share.
type uniqueKey struct {
	keys  []schema.IndexKey
	where string // the rows that it is about, or empty for all
}

func keyOf(i schema.Index) uniqueKey { return uniqueKey{keys: i.Keys, where: i.Where} }

func keyOn(columns []string) uniqueKey {
	var k uniqueKey
	for _, c := range columns {
		k.keys = append(k.keys, schema.IndexKey{Column: c})
	}
	return k
}

// columns are empty where there is an expression.
func (k uniqueKey) columns() []string { return schema.Index{Keys: k.keys}.Columns() }

// names are the columns and expressions, for people.
func (k uniqueKey) names() string {
	var names []string
	for _, key := range k.keys {
		names = append(names, cmp.Or(key.Column, key.Expression))
	}
	return strings.Join(names, ", ")
}

// query finds the values that rows share, given a condition of these rows and the SQL that is in place of a column. A
// row with NULL shares nothing.
func (k uniqueKey) query(t schema.Table, condition string, sql func(column string) string) string {
	var keys, conditions []string
	if condition != "" {
		conditions = append(conditions, condition)
	}
	if k.where != "" {
		conditions = append(conditions, "("+k.where+")")
	}
	for _, of := range k.keys {
		key := of.Expression
		if of.Column != "" {
			key = sql(of.Column)
		}
		if c, _ := t.Column(of.Column); !c.NotNull && !slices.Contains(t.PrimaryKey.Columns, of.Column) {
			conditions = append(conditions, key+" IS NOT NULL")
		}
		if of.Collate != "" {
			key += " COLLATE " + of.Collate
		}
		keys = append(keys, key)
	}
	text := "SELECT " + strings.Join(keys, ", ") + ", count(*) FROM " + plainTable(t.Name)
	if len(conditions) > 0 {
		text += " WHERE " + strings.Join(conditions, " AND ")
	}
	return text + " GROUP BY " + strings.Join(keys, ", ") + " HAVING count(*) > 1"
}

// namedKey is a unique key and what to call it.
type namedKey struct {
	uniqueKey

	name string
}

// uniqueKeys returns all that makes rows of the table unique.
func uniqueKeys(t schema.Table) []namedKey {
	keys := []namedKey{{keyOn(t.PrimaryKey.Columns), "the primary key"}}
	for _, u := range t.Uniques {
		keys = append(keys, namedKey{keyOn(u.Columns), "the unique constraint " + u.Name})
	}
	for _, i := range t.Indexes {
		if i.Unique {
			keys = append(keys, namedKey{keyOf(i), "the unique index " + i.Name})
		}
	}
	return keys
}

// isUnique reports whether no two rows share the columns, because none share some of them.
func (w *watch) isUnique(table string, columns []string) bool {
	t, _ := w.schema.Table(table)
	keys := slices.Clone(w.unique[table])
	for _, u := range uniqueKeys(t) {
		if u.where == "" {
			keys = append(keys, u.columns())
		}
	}
	return slices.ContainsFunc(keys, func(key []string) bool {
		outside := func(c string) bool { return c == "" || !slices.Contains(columns, c) }
		return len(key) > 0 && !slices.ContainsFunc(key, outside)
	})
}

// uniqueOn warns of rows that are there already, unless they have been unique before.
func (w *watch) uniqueOn(table string, k uniqueKey, what string) []Warning {
	fresh := slices.ContainsFunc(k.columns(), func(c string) bool { return w.empty[table+"."+c] })
	if w.created[table] || fresh || w.isUnique(table, k.columns()) {
		return nil
	}
	inRows := uniqueKey{where: w.asBefore(table, k.where)}
	for _, key := range k.keys { // a constant is the same in all rows
		if !w.isConstant(table, key.Column) {
			inRows.keys = append(inRows.keys, key)
		}
	}
	if len(inRows.keys) == 0 {
		return []Warning{{
			Text: fmt.Sprintf("%s fails where %s has more than one row, as all hold the default of %s", what, table,
				k.names()),
			Advice: "Count them first",
			Code:   "SELECT count(*) FROM " + plainTable(table),
		}}
	}
	t, _ := w.schema.Table(table)
	return []Warning{{
		Text:   fmt.Sprintf("%s fails where rows of %s share %s", what, table, k.names()),
		Advice: "Find them first",
		Code:   inRows.query(t, "", func(c string) string { return w.asBefore(table, plainName(c)) }),
	}}
}

// primaryKey warns of rows without a value, or with the same.
func (w *watch) primaryKey(o *op.AddPrimaryKey) []Warning {
	t, _ := w.schema.Table(o.Table)
	var null []Warning
	for _, name := range o.Key.Columns {
		c, _ := t.Column(name)
		if counts(c) {
			return nil
		}
		if w.empty[o.Table+"."+name] && !w.created[o.Table] {
			return []Warning{{
				Text:   fmt.Sprintf("fails where %s has rows, as %s is empty", o.Table, name),
				Advice: "Fill it with m.SQL before",
			}}
		}
		if !c.NotNull && !w.created[o.Table] && !w.filled[o.Table+"."+name] && !w.isConstant(o.Table, name) {
			null = append(null, Warning{
				Text:   fmt.Sprintf("the primary key fails where %s.%s is NULL", o.Table, name),
				Advice: "Fill it first",
				Code:   fmt.Sprintf("m.SQL(\"UPDATE %s SET %s = … WHERE %s IS NULL\")", o.Table, name, name),
			})
		}
	}
	return append(null, w.uniqueOn(o.Table, keyOn(o.Key.Columns), "the primary key")...)
}
