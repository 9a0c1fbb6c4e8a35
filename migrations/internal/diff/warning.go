package diff

import (
	"fmt"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// warnUpgrade returns the steps of an upgrade with their warnings.
func warnUpgrade(before schema.Schema, operations []op.Operation) []Step {
	return warnEach(before, operations, func(w *watch, o op.Operation) []Warning {
		return append(w.about(o), foreign(o)...)
	})
}

// warnDowngrade returns the steps of a downgrade with their warnings: rows that the upgrade allows may make it fail,
// and values may change. It does not warn of dropped tables and columns, as a downgrade is meant to drop what the
// upgrade added.
func warnDowngrade(before schema.Schema, operations []op.Operation) []Step {
	return warnEach(before, operations, func(w *watch, o op.Operation) []Warning {
		if drops(o) {
			return nil
		}
		return w.about(o)
	})
}

// drops reports whether the operation drops a table or a column.
func drops(o op.Operation) bool {
	switch o.(type) {
	case *op.DropTable, *op.DropColumn:
		return true
	default:
		return false
	}
}

func warnEach(before schema.Schema, operations []op.Operation, about func(*watch, op.Operation) []Warning) []Step {
	w := newWatch(before)
	w.begin(operations)
	steps := make([]Step, 0, len(operations))
	for _, o := range operations {
		steps = append(steps, Step{Operation: o, Warnings: about(w, o)})
		w.see(o)
	}
	return steps
}

// watch follows operations and tracks what is known about the rows: which tables have none, and which conditions their
// values meet.
type watch struct {
	schema  schema.Schema         // before the operation
	created map[string]bool       // tables that have no rows yet
	empty   map[string]bool       // of new columns, as table.column, whether all rows hold NULL
	unique  map[string][][]string // by table, the column lists of dropped unique keys, whose values are still unique
	met     map[string]bool       // dropped checks and foreign keys, which rows still meet: checkKey, foreignKeyKey
	freed   []schema.Reference    // dropped foreign keys
	filled  map[string]bool       // columns of dropped primary keys, as table.column: none is NULL
	goes    map[string]bool       // tables, and columns as table.column, that the revision drops
	values  map[string]string     // of new columns, as table.column, the SQL of their value in existing rows
}

func newWatch(before schema.Schema) *watch {
	return &watch{
		schema: before, created: map[string]bool{}, empty: map[string]bool{}, unique: map[string][][]string{},
		met: map[string]bool{}, filled: map[string]bool{}, values: map[string]string{},
	}
}

// begin records what the operations of a revision will drop.
func (w *watch) begin(operations []op.Operation) {
	w.goes = map[string]bool{}
	for _, o := range operations {
		switch o := o.(type) {
		case *op.DropTable:
			w.goes[o.Table] = true
		case *op.DropColumn:
			w.goes[o.Table+"."+o.Column] = true
		}
	}
}

func (w *watch) see(o op.Operation) {
	switch o := o.(type) {
	case *op.SQL, *op.Run, *op.Batches: // these may fill any table
		clear(w.created)
		clear(w.empty)
		clear(w.values)
	case *op.CreateTable:
		w.created[o.Table.Name] = true
	case *op.AddColumn:
		w.adds(o)
	case *op.DropColumn:
		w.forget(o.Table, o.Column)
	case *op.AlterColumn:
		w.alters(o)
	case *op.DropUnique:
		t, _ := w.schema.Table(o.Table)
		u, _ := t.Unique(o.Name)
		w.unique[o.Table] = append(w.unique[o.Table], u.Columns)
	case *op.DropIndex:
		t, _ := w.schema.Table(o.Table)
		if i, _ := t.Index(o.Index); i.Unique && i.Where == "" {
			w.unique[o.Table] = append(w.unique[o.Table], i.Columns())
		}
	case *op.DropCheck:
		t, _ := w.schema.Table(o.Table)
		c, _ := t.Check(o.Name)
		w.met[checkKey(o.Table, c)] = true
	case *op.DropForeignKey:
		t, _ := w.schema.Table(o.Table)
		k, _ := t.ForeignKey(o.Name)
		w.met[foreignKeyKey(o.Table, k)] = true
		w.freed = append(w.freed, schema.Reference{Table: o.Table, Key: k})
	case *op.DropPrimaryKey:
		w.keyGoes(o.Table)
	default:
	}
	if after, err := o.Apply(w.schema); err == nil {
		w.schema = after
	}
}

func (w *watch) keyGoes(table string) {
	t, _ := w.schema.Table(table)
	w.unique[table] = append(w.unique[table], t.PrimaryKey.Columns)
	for _, c := range t.PrimaryKey.Columns {
		w.filled[table+"."+c] = true
	}
}

// about returns the warnings about an operation.
func (w *watch) about(o op.Operation) []Warning {
	switch o := o.(type) {
	case *op.DropTable:
		dropped := Warning{Text: "drops table " + o.Table + " with its rows", Advice: keepCopy}
		return append([]Warning{dropped}, w.dangling(o.Table)...)
	case *op.DropColumn:
		return w.dropColumn(o)
	case *op.AddColumn:
		return w.addColumn(o)
	case *op.AlterColumn:
		return w.alterColumn(o)
	case *op.CreateIndex:
		if o.Index.Unique {
			return w.uniqueOn(o.Table, keyOf(o.Index), "the unique index "+o.Index.Name)
		}
	case *op.AddUnique:
		return w.uniqueOn(o.Table, keyOn(o.Unique.Columns), "the unique constraint "+o.Unique.Name)
	case *op.AddPrimaryKey:
		return w.primaryKey(o)
	default:
		return w.rule(o)
	}
	return nil
}

// addColumn warns of a NOT NULL column that existing rows would have no value for.
func (w *watch) addColumn(o *op.AddColumn) []Warning {
	c := o.Column
	if w.created[o.Table] {
		return nil
	}
	optional := !c.NotNull || c.Default.Kind != schema.NoDefault && c.Default.Kind != schema.NullDefault
	all := w.inline(o, o.Table, schema.Column{}, c)
	switch {
	case c.Expression() != "" && c.NotNull:
		return append(w.computed(o), all...)
	case optional || isNumbered(c) || c.Generated != "":
		return all
	}
	return append(all, Warning{
		Text: fmt.Sprintf("fails if %s has rows, as %s is NOT NULL and has no default", o.Table, c.Name),
		Advice: fmt.Sprintf("Add it without NotNull(), fill it with m.SQL, then m.AlterColumn(%q, %q).NotNull(); "+
			"or give it a default", o.Table, c.Name),
	})
}

// computed warns of a NOT NULL column whose expression may be NULL.
func (w *watch) computed(o *op.AddColumn) []Warning {
	on := map[schema.Dialect]Warning{}
	for _, d := range schema.Dialects() {
		expression := o.Column.ExpressionOn(d)
		if expression == "" {
			on[d] = Warning{
				Text:   fmt.Sprintf("fails if %s has rows, as %s is NOT NULL and not computed there", o.Table, o.Column.Name),
				Advice: "Add it without NotNull()", Only: d,
			}
			continue
		}
		on[d] = Warning{
			Text:   fmt.Sprintf("fails where %s.%s, which is NOT NULL, is computed as NULL", o.Table, o.Column.Name),
			Advice: lookFirst, Only: d,
			Query: queryOn(d, fmt.Sprintf("SELECT count(*) FROM %s WHERE (%s) IS NULL",
				plainTable(o.Table), w.asBefore(o.Table, expression))),
		}
	}
	return onEither(on[schema.Postgres], on[schema.SQLite])
}

// isNumbered reports whether the database numbers the rows of the column.
func isNumbered(c schema.Column) bool {
	_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
	return c.AutoIncrement || serial || c.Generated != "" && !c.Computed()
}

func (w *watch) alterColumn(o *op.AlterColumn) []Warning {
	t, _ := w.schema.Table(o.Table)
	name := o.Table + "." + o.Column
	all := w.retype(o)
	c, _ := t.Column(o.Column)
	is := func(yes *bool) bool { return yes != nil && *yes }
	forbidsNull := is(o.Change.NotNull) || is(o.Change.AutoIncrement) && !c.NotNull
	knownFilled := slices.Contains(t.PrimaryKey.Columns, o.Column) || t.ChecksNotNull(o.Column)
	if forbidsNull && !knownFilled && !w.created[o.Table] {
		all = append(all, Warning{
			Text:   fmt.Sprintf("fails where %s is NULL", name),
			Advice: "Fill it first",
			Code:   fillNull(o.Table, o.Column),
		})
	}
	return append(all, w.converted(o)...)
}

// dropColumn warns of lost values; computed values are not lost.
func (w *watch) dropColumn(o *op.DropColumn) []Warning {
	t, _ := w.schema.Table(o.Table)
	if c, _ := t.Column(o.Column); c.Computed() {
		return nil
	}
	return []Warning{{Text: "drops " + o.Table + "." + o.Column + " with its values", Advice: keepCopy}}
}

// hint changes the advice on drops that may be renames, to say how to declare the rename.
func hint(steps []Step, candidates []Rename) {
	for i := range steps {
		for _, r := range candidates {
			if len(steps[i].Warnings) > 0 && dropsRenamed(steps[i].Operation, r) {
				steps[i].Warnings[0].Advice = "If it was renamed, generate this revision again with --rename " + r.String()
				break
			}
		}
	}
}

func dropsRenamed(o op.Operation, r Rename) bool {
	switch o := o.(type) {
	case *op.DropTable:
		return r.Kind == Table && r.From == o.Table
	case *op.DropColumn:
		return r.Kind == Column && r.Table == o.Table && r.From == o.Column
	default:
		return false
	}
}
