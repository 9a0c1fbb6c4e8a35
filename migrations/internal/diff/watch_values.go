package diff

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// adds records what a new column holds in existing rows.
func (w *watch) adds(o *op.AddColumn) {
	name, c := o.Table+"."+o.Column.Name, o.Column
	kind := c.Default.Kind
	switch {
	case c.Expression() != "":
		w.values[name] = "(" + c.Expression() + ")"
		return
	case kind == schema.NumberDefault || kind == schema.BoolDefault:
		w.values[name] = c.Default.Text
	case kind == schema.StringDefault:
		w.values[name] = "'" + strings.ReplaceAll(c.Default.Text, "'", "''") + "'"
	}
	w.empty[name] = !isNumbered(c) && (kind == schema.NoDefault || kind == schema.NullDefault)
}

// alters forgets what was known about values that are converted.
func (w *watch) alters(o *op.AlterColumn) {
	for _, d := range schema.Dialects() {
		if effect, _ := w.effect(d, o); effect.Loss != "" || o.Change.Using.For(d) != "" || w.collation(d, o) != "" {
			isNull, isNew := w.empty[o.Table+"."+o.Column]
			w.forget(o.Table, o.Column)
			if isNew && isNull {
				w.empty[o.Table+"."+o.Column] = true
			}
			return
		}
	}
}

// forget removes what is known about a column: the checks and references that its values meet, and that they are
// unique.
func (w *watch) forget(table, column string) {
	for check := range w.met {
		if expression, ok := strings.CutPrefix(check, table+" "); ok && schema.Mentions(expression, column) {
			delete(w.met, check)
		}
	}
	for _, r := range w.freed {
		uses := r.Table == table && slices.Contains(r.Key.Columns, column)
		if uses || r.Key.RefTable == table && slices.Contains(r.Key.RefColumns, column) {
			delete(w.met, foreignKeyKey(r.Table, r.Key))
		}
	}
	has := func(key []string) bool { return slices.Contains(key, column) }
	w.unique[table] = slices.DeleteFunc(slices.Clone(w.unique[table]), has)
	name := table + "." + column
	delete(w.filled, name)
	delete(w.empty, name)
	delete(w.values, name)
}

// isConstant reports whether a column is new and all rows hold the same value.
func (w *watch) isConstant(table, column string) bool {
	isNull, isNew := w.empty[table+"."+column]
	_, known := w.values[table+"."+column]
	return isNew && !isNull && known
}

// asBefore returns the expression over rows that do not have the new columns yet: these are replaced by their values.
func (w *watch) asBefore(table, expression string) string {
	t, _ := w.schema.Table(table)
	for _, c := range slices.Backward(t.Columns) { // a computed column may mention one before it
		if value, ok := w.values[table+"."+c.Name]; ok {
			expression = schema.Substitute(expression, c.Name, value)
		}
	}
	return expression
}

// effect returns what a type change does to the values of a column on a database, and the expression of the new value.
// The effect is zero if the type stays, or the revision has its own conversion.
func (w *watch) effect(d schema.Dialect, o *op.AlterColumn) (effect convert.Effect, value string) {
	name := plainName(o.Column)
	if o.Change.Type == nil || o.Change.Using.For(d) != "" {
		return convert.Effect{}, name
	}
	t, _ := w.schema.Table(o.Table)
	c, _ := t.Column(o.Column)
	effect = convert.On(d, convert.Column{Name: o.Table + "." + o.Column, SQL: name}, c.Type, *o.Change.Type)
	switch {
	case effect.Using != "":
		return effect, effect.Using
	case d == schema.Postgres:
		return effect, name + "::" + schema.SplitType(o.Change.Type.For(d)).Base
	default:
		return effect, name
	}
}

// collation returns the new collation if it may make different values equal, or an empty string.
func (w *watch) collation(d schema.Dialect, o *op.AlterColumn) string {
	t, _ := w.schema.Table(o.Table)
	c, _ := t.Column(o.Column)
	if o.Change.Type == nil || o.Change.Type.Kind != schema.Verbatim {
		return ""
	}
	was, is := schema.SplitType(c.Type.For(d)).Collation, schema.SplitType(o.Change.Type.For(d)).Collation
	fields := strings.Fields(strings.ToLower(is))
	if len(fields) < 2 || isDeterministic(d, strings.Trim(fields[1], "\"`[]")) ||
		schema.NormalText(was) == schema.NormalText(is) {
		return ""
	}
	return is
}

// isDeterministic reports whether different values are never equal under a collation. On PostgreSQL its own collations
// are, most of which are named after a locale, such as de_DE (https://www.postgresql.org/docs/current/collation.html).
func isDeterministic(d schema.Dialect, name string) bool {
	if d == schema.SQLite {
		return name == "binary"
	}
	return slices.Contains([]string{"c", "posix", "default", "ucs_basic", "unicode"}, name) ||
		strings.ContainsAny(name, "_-")
}
