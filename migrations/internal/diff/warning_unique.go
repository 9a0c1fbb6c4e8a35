package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// uniqueKey is the key of a unique index or constraint.
type uniqueKey struct {
	keys  []schema.IndexKey
	where string // the condition of a partial index, or empty
}

func keyOf(i schema.Index) uniqueKey { return uniqueKey{keys: i.Keys, where: i.Where} }

func keyOn(columns []string) uniqueKey {
	var k uniqueKey
	for _, c := range columns {
		k.keys = append(k.keys, schema.IndexKey{Column: c})
	}
	return k
}

// columns returns the columns of the key, with an empty string for each expression.
func (k uniqueKey) columns() []string { return schema.Index{Keys: k.keys}.Columns() }

// names returns the columns and expressions, for messages.
func (k uniqueKey) names() string {
	var names []string
	for _, key := range k.keys {
		names = append(names, cmp.Or(key.Column, key.Expression))
	}
	return strings.Join(names, ", ")
}

// query returns the query for the values that several rows share, among the rows that meet the condition. The function
// sql returns the SQL of a column. NULLs are never shared.
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

// namedKey is a unique key with its description.
type namedKey struct {
	uniqueKey

	name string
}

// uniqueKeys returns all unique keys of the table.
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

// isUnique reports whether the columns are known to be unique, because some of them are.
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

// uniqueOn warns of existing rows that may share the key, unless they are known not to.
func (w *watch) uniqueOn(table string, k uniqueKey, what string) []Warning {
	fresh := slices.ContainsFunc(k.columns(), func(c string) bool { return w.empty[table+"."+c] })
	if w.created[table] || fresh || w.isUnique(table, k.columns()) {
		return nil
	}
	inRows := uniqueKey{where: w.asBefore(table, k.where)}
	for _, key := range k.keys { // a constant does not tell rows apart
		if !w.isConstant(table, key.Column) {
			inRows.keys = append(inRows.keys, key)
		}
	}
	if len(inRows.keys) == 0 {
		return []Warning{{
			Text: fmt.Sprintf("%s fails if %s has more than one row, as all hold the default of %s", what, table,
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

// fillNull returns the operation that replaces NULL in a column.
func fillNull(table, column string) string {
	name := plainName(column)
	return fmt.Sprintf("m.SQL(%q)", "UPDATE "+plainTable(table)+" SET "+name+" = … WHERE "+name+" IS NULL")
}

// primaryKey warns of rows with NULL in the key, or with the same key.
func (w *watch) primaryKey(o *op.AddPrimaryKey) []Warning {
	t, _ := w.schema.Table(o.Table)
	var null []Warning
	for _, name := range o.Key.Columns {
		c, _ := t.Column(name)
		if isNumbered(c) {
			return nil
		}
		if w.empty[o.Table+"."+name] && !w.created[o.Table] {
			return []Warning{{
				Text:   fmt.Sprintf("fails if %s has rows, as %s is empty", o.Table, name),
				Advice: "Fill it with m.SQL first",
			}}
		}
		if !c.NotNull && !w.created[o.Table] && !w.filled[o.Table+"."+name] && !w.isConstant(o.Table, name) {
			null = append(null, Warning{
				Text:   fmt.Sprintf("the primary key fails where %s.%s is NULL", o.Table, name),
				Advice: "Fill it first",
				Code:   fillNull(o.Table, name),
			})
		}
	}
	return append(null, w.uniqueOn(o.Table, keyOn(o.Key.Columns), "the primary key")...)
}
