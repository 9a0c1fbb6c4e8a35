package diff

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// clashes are names of indexes and unique constraints that move from one table to another. The names are unique in a
// database, so the old ones are dropped first.
type clashes map[string]string // name → the table it is dropped from

func (c clashes) has(table, name string) bool {
	from, ok := c[name]
	return ok && from == table
}

// owns reports whether one of the names is dropped with the table.
func (c clashes) owns(t schema.Table) bool {
	for _, name := range t.IndexNames() {
		if c.has(t.Name, name) {
			return true
		}
	}
	return false
}

func (d *differ) clashing() clashes {
	comes := map[string]string{}
	for name, t := range d.created {
		for _, index := range t.IndexNames() {
			comes[index] = name
		}
	}
	for name, c := range d.changes {
		added := schema.Table{Uniques: c.uniques.add, Indexes: c.indexes.add}
		for _, index := range added.IndexNames() {
			comes[index] = name
		}
	}
	found := clashes{}
	goes := func(t schema.Table) {
		for _, index := range t.IndexNames() {
			if to, ok := comes[index]; ok && to != t.Name {
				found[index] = t.Name
			}
		}
	}
	for _, t := range d.dropped {
		goes(t)
	}
	for name, c := range d.changes {
		goes(schema.Table{Name: name, Uniques: c.uniques.drop, Indexes: c.indexes.drop})
	}
	return found
}

// dropClashing returns the drops that free clashing names. They come before the changes of the tables.
func (d *differ) dropClashing(names clashes) []op.Operation {
	var all []op.Operation
	for _, table := range sortedNames(d.changes) {
		c := d.changes[table]
		for _, o := range append(c.dropIndexes(), c.dropUniques()...) {
			if names.has(table, nameOf(o)) {
				all = append(all, o)
			}
		}
	}
	return append(all, d.dropTables(func(name string) bool { return names.owns(d.dropped[name]) })...)
}

// dropForeignKeys drops foreign keys, including those of dropped tables that would be in the way before their table is
// dropped.
func (d *differ) dropForeignKeys(names clashes) []op.Operation {
	var all []op.Operation
	for _, table := range sortedNames(d.was) {
		for _, k := range d.droppedKeys(table, names) {
			all = append(all, &op.DropForeignKey{Table: table, Name: k.Name})
		}
	}
	return all
}

func (d *differ) droppedKeys(table string, names clashes) []schema.ForeignKey {
	if c, stays := d.changes[table]; stays {
		return c.foreignKeys.drop
	}
	var keys []schema.ForeignKey
	for _, k := range d.dropped[table].ForeignKeys {
		target, goes := d.dropped[k.RefTable]
		before := goes && names.owns(target) && !names.owns(d.dropped[table])
		if before || !goes && !d.ready(k.RefTable, k.RefColumns) {
			keys = append(keys, k)
		}
	}
	sortBy(keys, keyName)
	return keys
}
