package diff

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// create creates a table with its indexes, but without its deferred foreign keys.
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

// change returns the operations of a changed table. New columns are added before old ones are dropped, so that
// hand-written steps can move the values in between. Computed columns are added once the columns they mention exist
// with their final types.
func (d *differ) change(c *change, gone clashes) []op.Operation {
	stop, alter := c.alterations()
	add, addAfter, computed := c.addColumns()
	dropBefore, drop := c.dropColumns()
	return slices.Concat(c.drops(gone), stop, add, dropBefore, addAfter, alter, computed, c.comments, c.adds(),
		d.addForeignKeys(c), c.validated, drop)
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

// drops returns the drops of constraints and indexes, except those already dropped.
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

// addColumns returns the new columns in three groups: those that can be added right away, those that have to follow
// early drops (see dropColumns), and those computed from one of these or from a column whose type changes.
func (c *change) addColumns() (add, after, computed []op.Operation) {
	for _, column := range basesFirst(c.added) {
		o := &op.AddColumn{Table: c.is.Name, Column: column}
		switch {
		case c.unsettled(column):
			computed = append(computed, o)
		case c.early[column.Name] || column.AutoIncrement:
			after = append(after, o)
		default:
			add = append(add, o)
		}
	}
	return add, after, computed
}

// unsettled reports whether the column is computed from one that is added late or changes its type.
func (c *change) unsettled(column schema.Column) bool {
	return column.Expression() != "" &&
		(slices.ContainsFunc(c.added, func(base schema.Column) bool {
			late := c.early[base.Name] || base.AutoIncrement
			return late && base.Name != column.Name && column.DependsOn(base.Name)
		}) || slices.ContainsFunc(c.altered, func(base *op.AlterColumn) bool {
			return base.Change.Type != nil && column.DependsOn(base.Column)
		}))
}

// dropColumns separates the columns that have to be dropped before others are added: one that is added again, those
// computed from it, and one with AUTOINCREMENT if another column gets it, as SQLite allows it on one column only.
func (c *change) dropColumns() (early, late []op.Operation) {
	counts := slices.ContainsFunc(c.is.Columns, func(column schema.Column) bool { return column.AutoIncrement })
	dropped := basesFirst(c.dropped)
	slices.Reverse(dropped)
	goes := func(column schema.Column) bool {
		return c.early[column.Name] || counts && column.AutoIncrement
	}
	for _, column := range dropped {
		o := &op.DropColumn{Table: c.is.Name, Column: column.Name}
		first := slices.ContainsFunc(dropped, func(base schema.Column) bool {
			return goes(base) && column.DependsOn(base.Name)
		})
		if first || goes(column) {
			early = append(early, o)
		} else {
			late = append(late, o)
		}
	}
	return early, late
}

// basesFirst returns the columns with each computed one after those that its expression mentions, which have to exist
// as long as it does, and otherwise in their order.
func basesFirst(columns []schema.Column) []schema.Column {
	left, sorted := slices.Clone(columns), make([]schema.Column, 0, len(columns))
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(column schema.Column) bool {
			return column.Expression() == "" || !slices.ContainsFunc(left, func(base schema.Column) bool {
				return base.Name != column.Name && column.DependsOn(base.Name)
			})
		})
		next = max(next, 0) // a cycle fails anyway
		sorted, left = append(sorted, left[next]), slices.Delete(left, next, next+1)
	}
	return sorted
}

// alterations separates the columns that lose AUTOINCREMENT or are no longer computed from the others.
func (c *change) alterations() (stop, others []op.Operation) {
	for _, o := range c.altered {
		was, _ := c.was.Column(o.Column)
		counted := o.Change.AutoIncrement != nil && !*o.Change.AutoIncrement
		if counted || o.Change.Generated != nil && was.Computed() {
			stop = append(stop, o)
		} else {
			others = append(others, o)
		}
	}
	return stop, others
}

// adds returns the additions of constraints and indexes, except foreign keys.
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
