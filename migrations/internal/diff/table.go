package diff

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// create creates a table with its indexes, and without the foreign keys that are put off.
func (d *differ) create(t schema.Table) []op.Operation {
	indexes := slices.Clone(t.Indexes)
	t = t.Clone()
	t.Indexes = nil
	t.ForeignKeys = slices.DeleteFunc(t.ForeignKeys, func(k schema.ForeignKey) bool {
		return d.later[reference{t.Name, k.Name}]
	})
	sortBy(t.Uniques, uniqueName)
	sortBy(t.Checks, checkName)
	sortBy(t.ForeignKeys, keyName)
	sortBy(indexes, indexName)
	all := []op.Operation{&op.CreateTable{Table: t}}
	for _, i := range indexes {
		all = append(all, &op.CreateIndex{Table: t.Name, Index: i})
	}
	return all
}

// change returns what is to be done to a table that stays. New columns come before old ones go, so that a hand can move
// the values over in between.
func (d *differ) change(c *change, gone clashes) []op.Operation {
	stop, alter := c.alterations()
	add, addAfter := c.addColumns()
	dropBefore, drop := c.dropColumns()
	return slices.Concat(c.drops(gone), stop, add, dropBefore, addAfter, alter, c.comments, c.adds(),
		d.addForeignKeys(c), drop)
}

func (d *differ) addForeignKeys(c *change) []op.Operation {
	var all []op.Operation
	for _, k := range c.foreignKeys.add {
		if !d.later[reference{c.is.Name, k.Name}] {
			all = append(all, &op.AddForeignKey{Table: c.is.Name, Key: k})
		}
	}
	return all
}

// drops returns what drops constraints and indexes, apart from those that had to go before.
func (c *change) drops(gone clashes) []op.Operation {
	var all []op.Operation
	for _, k := range c.checks.drop {
		all = append(all, &op.DropCheck{Table: c.is.Name, Name: k.Name})
	}
	for _, o := range append(c.dropIndexes(), c.dropUniques()...) {
		if !gone.has(c.is.Name, nameOf(o)) {
			all = append(all, o)
		}
	}
	if c.dropPrimaryKey {
		all = append(all, &op.DropPrimaryKey{Table: c.is.Name})
	}
	return all
}

func (c *change) dropIndexes() []op.Operation {
	var all []op.Operation
	for _, i := range c.indexes.drop {
		all = append(all, &op.DropIndex{Table: c.is.Name, Index: i.Name})
	}
	return all
}

func (c *change) dropUniques() []op.Operation {
	var all []op.Operation
	for _, u := range c.uniques.drop {
		all = append(all, &op.DropUnique{Table: c.is.Name, Name: u.Name})
	}
	return all
}

// nameOf returns the name of a dropped index or unique constraint.
func nameOf(o op.Operation) string {
	switch o := o.(type) {
	case *op.DropIndex:
		return o.Index
	case *op.DropUnique:
		return o.Name
	default:
		return ""
	}
}

// addColumns separates the columns that can only be added after others are dropped: see dropColumns.
func (c *change) addColumns() (add, after []op.Operation) {
	for _, column := range c.added {
		o := &op.AddColumn{Table: c.is.Name, Column: column}
		if c.early[column.Name] || column.AutoIncrement {
			after = append(after, o)
		} else {
			add = append(add, o)
		}
	}
	return add, after
}

// dropColumns separates the columns that have to be dropped before others are added: one that is added again, and, as
// SQLite allows AUTOINCREMENT on one column only, one with AUTOINCREMENT.
func (c *change) dropColumns() (early, late []op.Operation) {
	counts := slices.ContainsFunc(c.is.Columns, func(column schema.Column) bool { return column.AutoIncrement })
	for _, column := range c.dropped {
		o := &op.DropColumn{Table: c.is.Name, Column: column.Name}
		if c.early[column.Name] || counts && column.AutoIncrement {
			early = append(early, o)
		} else {
			late = append(late, o)
		}
	}
	return early, late
}

// alterations separates the columns that lose AUTOINCREMENT from the others.
func (c *change) alterations() (stop, others []op.Operation) {
	for _, o := range c.altered {
		if o.Change.AutoIncrement != nil && !*o.Change.AutoIncrement {
			stop = append(stop, o)
		} else {
			others = append(others, o)
		}
	}
	return stop, others
}

// adds returns what adds constraints and indexes, apart from foreign keys.
func (c *change) adds() []op.Operation {
	var all []op.Operation
	if c.addPrimaryKey {
		all = append(all, &op.AddPrimaryKey{Table: c.is.Name, Key: c.is.Clone().PrimaryKey})
	}
	for _, u := range c.uniques.add {
		all = append(all, &op.AddUnique{Table: c.is.Name, Unique: u})
	}
	for _, k := range c.checks.add {
		all = append(all, &op.AddCheck{Table: c.is.Name, Check: k})
	}
	for _, i := range c.indexes.add {
		all = append(all, &op.CreateIndex{Table: c.is.Name, Index: i})
	}
	return all
}
