package diff

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// record records the effects of an operation that has not been applied yet.
func (e *effects) record(o op.Operation) {
	switch o := o.(type) {
	case *op.CreateTable:
		e.createTable(o)
	case *op.DropTable:
		e.add(removes, e.table(o.Table), o)
	case *op.RenameTable:
		e.add(renames, e.table(o.From), o)
		e.add(adds, object("table "+o.To), o)
		e.renameTable(o)
	case *op.CommentTable:
		e.inTable(alters, "comment of "+e.table(o.Table), o.Table, o)
	case *op.AddColumn:
		e.inTable(adds, e.column(o.Table, o.Column.Name), o.Table, o)
	case *op.DropColumn:
		e.dropColumn(o)
	case *op.AlterColumn:
		e.inTable(alters, e.column(o.Table, o.Column), o.Table, o)
	case *op.RenameColumn:
		e.inTable(renames, e.column(o.Table, o.From), o.Table, o)
		e.columns[o.Table+"."+o.To] = e.baseColumn(o.Table, o.From)
	case *op.CommentColumn:
		e.inTable(alters, "comment of "+e.column(o.Table, o.Column), o.Table, o)
		e.add(needs, e.column(o.Table, o.Column), o)
	case *op.CreateIndex:
		e.add(adds, indexObject(o.Index.Name), o)
		e.needsColumns(o, o.Table, schema.Table{Indexes: []schema.Index{o.Index}})
	case *op.DropIndex:
		e.inTable(removes, e.label(o.Table, o.Index), o.Table, o)
	case *op.RenameIndex:
		e.inTable(renames, e.label(o.Table, o.From), o.Table, o)
	case *op.AddPrimaryKey:
		e.add(alters, "primary key of "+e.table(o.Table), o)
		e.needsColumns(o, o.Table, schema.Table{PrimaryKey: o.Key})
	case *op.DropPrimaryKey:
		e.inTable(alters, "primary key of "+e.table(o.Table), o.Table, o)
	case *op.AddUnique:
		e.add(adds, indexObject(o.Unique.Name), o)
		e.needsColumns(o, o.Table, schema.Table{Uniques: []schema.Unique{o.Unique}})
	case *op.DropUnique:
		e.inTable(removes, e.label(o.Table, o.Name), o.Table, o)
	case *op.AddCheck:
		e.add(adds, e.label(o.Table, o.Check.Name), o)
		e.needsColumns(o, o.Table, schema.Table{Checks: []schema.Check{o.Check}})
	case *op.DropCheck:
		e.inTable(removes, e.label(o.Table, o.Name), o.Table, o)
	case *op.AddForeignKey:
		e.add(adds, e.label(o.Table, o.Key.Name), o)
		e.needsColumns(o, o.Table, schema.Table{ForeignKeys: []schema.ForeignKey{o.Key}})
		e.needsTargets(o, o.Table, []schema.ForeignKey{o.Key})
	case *op.DropForeignKey:
		e.inTable(removes, e.label(o.Table, o.Name), o.Table, o)
	case *op.ValidateCheck:
		e.inTable(alters, e.label(o.Table, o.Name), o.Table, o)
	case *op.ValidateForeignKey:
		e.inTable(alters, e.label(o.Table, o.Name), o.Table, o)
	case *op.RenameConstraint:
		e.inTable(renames, e.label(o.Table, o.From), o.Table, o)
	case *op.Batches:
		was, _ := e.schema.Table(o.Table)
		e.needsColumns(o, o.Table, schema.Table{PrimaryKey: was.PrimaryKey})
	default: // SQL and Run have the effects they declare
	}
}

func (e *effects) createTable(o *op.CreateTable) {
	e.add(adds, e.table(o.Table.Name), o)
	e.created[o.Table.Name] = true
	e.needsTargets(o, o.Table.Name, o.Table.ForeignKeys)
	for _, u := range o.Table.Uniques {
		e.add(adds, indexObject(u.Name), o)
	}
}

func (e *effects) dropColumn(o *op.DropColumn) {
	e.inTable(removes, e.column(o.Table, o.Column), o.Table, o)
	was, _ := e.schema.Table(o.Table)
	for _, name := range was.Uses(o.Column).Names() {
		e.add(removes, e.label(o.Table, name), o)
	}
}

// inTable records an effect on something in a table, and that it needs the table.
func (e *effects) inTable(v verb, on object, table string, o op.Operation) {
	e.add(v, on, o)
	e.needsTable(o, table)
}

func (e *effects) needsTable(o op.Operation, table string) {
	if !e.created[table] {
		e.add(needs, e.table(table), o)
	}
}

// needsColumns records that a new part of an existing table needs its columns.
func (e *effects) needsColumns(o op.Operation, table string, part schema.Table) {
	if e.created[table] {
		return
	}
	e.needsTable(o, table)
	was, _ := e.schema.Table(table)
	for _, c := range was.Columns {
		if u := part.Uses(c.Name); u.PrimaryKey || len(u.Names()) > 0 {
			e.add(needs, e.column(table, c.Name), o)
		}
	}
}

// needsTargets records that foreign keys need the tables and columns they reference.
func (e *effects) needsTargets(o op.Operation, table string, keys []schema.ForeignKey) {
	for _, k := range keys {
		if k.RefTable == table || e.created[k.RefTable] {
			continue
		}
		e.needsTable(o, k.RefTable)
		for _, c := range slices.Compact(slices.Sorted(slices.Values(k.RefColumns))) {
			e.add(needs, e.column(k.RefTable, c), o)
		}
	}
}
