package diff

import (
	"fmt"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// object is something in a schema, named for people and by the name that it has at the base of two branches.
type object string

// verb is what is done to an object.
type verb string

const (
	adds    verb = "adds"
	alters  verb = "changes"
	gives   verb = "renames"
	removes verb = "drops"
	needs   verb = "uses"
)

// plural is the verb for two.
func (v verb) plural() string { return string(v[:len(v)-1]) }

// touch is what one side does to one object.
type touch struct {
	side   string
	verb   verb
	object object
	what   string // the operation, for people
	by     int    // its number among those of the side
}

// toucher follows the operations of a side.
type toucher struct {
	side    string
	schema  schema.Schema
	tables  map[string]string // name now → name at the base, of tables that were renamed
	columns map[string]string // table.name now → name at the base
	created map[string]bool   // tables that this side created: nobody else can mind what happens in them
	own     map[object]bool   // what this side added, likewise
	at      int               // the number of the operation
	found   []touch
}

// touches returns what a side does, and the schema after it.
func touches(base schema.Schema, side Side) ([]touch, schema.Schema, error) {
	t := toucher{
		side: side.Name, schema: base,
		tables: map[string]string{}, columns: map[string]string{}, created: map[string]bool{}, own: map[object]bool{},
	}
	for i, o := range side.Operations {
		t.at = i
		if err := t.do(o); err != nil {
			return nil, schema.Schema{}, fmt.Errorf("%s: %s: %w", side.Name, o, err)
		}
	}
	return t.found, t.schema, nil
}

func (t *toucher) do(o op.Operation) error {
	for _, declared := range declaredBy(o) {
		if err := t.do(declared); err != nil {
			return err
		}
	}
	if len(declaredBy(o)) > 0 {
		return nil
	}
	after, err := o.Apply(t.schema)
	if err != nil {
		return err
	}
	t.note(o)
	t.schema = after
	return nil
}

// declaredBy returns what raw SQL or a data step says it does to the schema.
func declaredBy(o op.Operation) []op.Operation {
	switch o := o.(type) {
	case *op.SQL:
		return o.Declared
	case *op.Run:
		return o.Declared
	default:
		return nil
	}
}

func (t *toucher) add(v verb, o object, what op.Operation) {
	if v == adds {
		t.own[o] = true
	} else if t.own[o] {
		return
	}
	t.found = append(t.found, touch{side: t.side, verb: v, object: o, what: what.String(), by: t.at})
}

func (t *toucher) table(name string) object { return object("table " + t.baseTable(name)) }

func (t *toucher) baseTable(name string) string {
	if base, ok := t.tables[name]; ok {
		return base
	}
	return name
}

func (t *toucher) column(table, name string) object {
	if base, ok := t.columns[table+"."+name]; ok {
		name = base
	}
	return object("column " + t.baseTable(table) + "." + name)
}

// label names an index or a constraint.
func (t *toucher) label(table, name string) object {
	return object(name + " of table " + t.baseTable(table))
}

// note takes down what an operation touches, before it is applied.
func (t *toucher) note(o op.Operation) {
	switch o := o.(type) {
	case *op.CreateTable:
		t.add(adds, t.table(o.Table.Name), o)
		t.created[o.Table.Name] = true
		t.noteKeys(o, o.Table.Name, o.Table.ForeignKeys)
		for _, u := range o.Table.Uniques {
			t.add(adds, object("index "+u.Name), o)
		}
	case *op.DropTable:
		t.add(removes, t.table(o.Table), o)
	case *op.RenameTable:
		t.add(gives, t.table(o.From), o)
		t.add(adds, object("table "+o.To), o)
		t.renameTable(o)
	case *op.CommentTable:
		t.add(alters, "comment of "+t.table(o.Table), o)
		t.inTable(o, o.Table)
	default:
		t.noteColumn(o)
	}
}

func (t *toucher) renameTable(o *op.RenameTable) {
	t.tables[o.To] = t.baseTable(o.From)
	t.created[o.To] = t.created[o.From]
	was, _ := t.schema.Table(o.From)
	for _, c := range was.Columns {
		if base, ok := t.columns[o.From+"."+c.Name]; ok {
			t.columns[o.To+"."+c.Name] = base
		}
	}
}

func (t *toucher) noteColumn(o op.Operation) {
	switch o := o.(type) {
	case *op.AddColumn:
		t.add(adds, t.column(o.Table, o.Column.Name), o)
		t.inTable(o, o.Table)
	case *op.DropColumn:
		t.add(removes, t.column(o.Table, o.Column), o)
		t.inTable(o, o.Table)
		was, _ := t.schema.Table(o.Table)
		for _, name := range was.Uses(o.Column).Names() {
			t.add(removes, t.label(o.Table, name), o)
		}
	case *op.AlterColumn:
		t.add(alters, t.column(o.Table, o.Column), o)
		t.inTable(o, o.Table)
	case *op.RenameColumn:
		t.add(gives, t.column(o.Table, o.From), o)
		t.columns[o.Table+"."+o.To] = baseName(t.columns, o.Table, o.From)
		t.inTable(o, o.Table)
	case *op.CommentColumn:
		t.add(alters, "comment of "+t.column(o.Table, o.Column), o)
		t.add(needs, t.column(o.Table, o.Column), o)
		t.inTable(o, o.Table)
	default:
		t.noteIndex(o)
	}
}

func baseName(columns map[string]string, table, name string) string {
	if base, ok := columns[table+"."+name]; ok {
		return base
	}
	return name
}

// inTable tells that the operation needs the table to be there.
func (t *toucher) inTable(o op.Operation, table string) {
	if !t.created[table] {
		t.add(needs, t.table(table), o)
	}
}

func (t *toucher) noteIndex(o op.Operation) {
	switch o := o.(type) {
	case *op.CreateIndex:
		t.add(adds, object("index "+o.Index.Name), o)
		t.uses(o, o.Table, schema.Table{Indexes: []schema.Index{o.Index}})
	case *op.AddUnique:
		t.add(adds, object("index "+o.Unique.Name), o)
		t.uses(o, o.Table, schema.Table{Uniques: []schema.Unique{o.Unique}})
	case *op.AddCheck:
		t.add(adds, t.label(o.Table, o.Check.Name), o)
		t.uses(o, o.Table, schema.Table{Checks: []schema.Check{o.Check}})
	case *op.AddForeignKey:
		t.add(adds, t.label(o.Table, o.Key.Name), o)
		t.uses(o, o.Table, schema.Table{ForeignKeys: []schema.ForeignKey{o.Key}})
		t.noteKeys(o, o.Table, []schema.ForeignKey{o.Key})
	case *op.AddPrimaryKey:
		t.add(alters, "primary key of "+t.table(o.Table), o)
		t.uses(o, o.Table, schema.Table{PrimaryKey: o.Key})
	case *op.DropPrimaryKey:
		t.add(alters, "primary key of "+t.table(o.Table), o)
		t.inTable(o, o.Table)
	default:
		t.noteLabel(o)
	}
}

func (t *toucher) noteLabel(o op.Operation) {
	label := func(v verb, table, name string) {
		t.add(v, t.label(table, name), o)
		t.inTable(o, table)
	}
	switch o := o.(type) {
	case *op.DropIndex:
		label(removes, o.Table, o.Index)
	case *op.DropUnique:
		label(removes, o.Table, o.Name)
	case *op.DropCheck:
		label(removes, o.Table, o.Name)
	case *op.DropForeignKey:
		label(removes, o.Table, o.Name)
	case *op.RenameIndex:
		label(gives, o.Table, o.From)
	case *op.RenameConstraint:
		label(gives, o.Table, o.From)
	default:
	}
}

// uses tells which columns of an existing table something new needs.
func (t *toucher) uses(o op.Operation, table string, part schema.Table) {
	if t.created[table] {
		return
	}
	t.inTable(o, table)
	was, _ := t.schema.Table(table)
	for _, c := range was.Columns {
		if u := part.Uses(c.Name); u.PrimaryKey || len(u.Names()) > 0 {
			t.add(needs, t.column(table, c.Name), o)
		}
	}
}

// noteKeys tells which tables and columns foreign keys point at.
func (t *toucher) noteKeys(o op.Operation, table string, keys []schema.ForeignKey) {
	for _, k := range keys {
		if k.RefTable == table || t.created[k.RefTable] {
			continue
		}
		t.inTable(o, k.RefTable)
		for _, c := range slices.Compact(slices.Sorted(slices.Values(k.RefColumns))) {
			t.add(needs, t.column(k.RefTable, c), o)
		}
	}
}
