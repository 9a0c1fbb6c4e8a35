package diff

import (
	"maps"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// differ compares two schemas after all renames, table by table.
type differ struct {
	was, is map[string]schema.Table

	changes map[string]*change      // of tables in both schemas
	created map[string]schema.Table // tables in is only
	dropped map[string]schema.Table // tables in was only

	later map[reference]bool // foreign keys to be added after all tables
}

// reference names a foreign key.
type reference struct{ table, key string }

func newDiffer(was, is schema.Schema) *differ {
	d := &differ{
		was: byName(was), is: byName(is), later: map[reference]bool{},
		changes: map[string]*change{}, created: map[string]schema.Table{}, dropped: map[string]schema.Table{},
	}
	for name, t := range d.is {
		if old, ok := d.was[name]; ok {
			d.changes[name] = newChange(old, t)
		} else {
			d.created[name] = t
		}
	}
	for name, t := range d.was {
		if _, stays := d.is[name]; !stays {
			d.dropped[name] = t
		}
	}
	for _, c := range d.changes {
		d.compareKeys(c)
	}
	return d
}

// compareKeys compares the foreign keys. An unchanged one is dropped and added again if its columns, or the columns it
// references, change in a way that it does not survive.
func (d *differ) compareKeys(c *change) {
	c.foreignKeys = compare(c.was.ForeignKeys, c.is.ForeignKeys, keyName, func(a, b schema.ForeignKey) bool {
		return (sameKey(a, b) || validatesKey(a, b)) && !d.disturbed(c, b.Columns) && d.ready(b.RefTable, b.RefColumns)
	})
	c.validateKeys()
}

// disturbed reports whether one of the columns is dropped and added again, or gets a type that a foreign key cannot
// compare with the old one.
func (d *differ) disturbed(c *change, columns []string) bool {
	return slices.ContainsFunc(columns, func(column string) bool { return c.early[column] || c.retyped[column] })
}

// ready reports whether a foreign key to the columns is valid throughout, from the first operation to the last.
func (d *differ) ready(table string, columns []string) bool {
	c, stays := d.changes[table]
	if !stays || d.disturbed(c, columns) {
		return false
	}
	for _, column := range columns {
		_, was := c.was.Column(column)
		_, is := c.is.Column(column)
		if !was || !is {
			return false
		}
	}
	return c.remaining().IsKey(columns) || !c.was.IsKey(columns) && !c.is.IsKey(columns)
}

// remaining returns the old table without the keys and indexes that are dropped, even if they are added again.
func (c *change) remaining() schema.Table {
	t := c.was
	if c.dropPrimaryKey {
		t.PrimaryKey = schema.PrimaryKey{}
	}
	t.Uniques = except(t.Uniques, c.uniques.drop, uniqueName)
	t.Indexes = except(t.Indexes, c.indexes.drop, indexName)
	return t
}

func except[E any](list, gone []E, name func(E) string) []E {
	if len(gone) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(e E) bool {
		_, is := named(gone, name, name(e))
		return is
	})
}

// operations returns the operations in order: what others depend on is created first and dropped last.
func (d *differ) operations() []op.Operation {
	tables := d.order()
	clashing := d.clashing()
	all := d.dropForeignKeys(clashing)
	all = append(all, d.dropClashing(clashing)...)
	for _, name := range tables {
		if t, ok := d.created[name]; ok {
			all = append(all, d.create(t)...)
		} else {
			all = append(all, d.change(d.changes[name], clashing)...)
		}
	}
	all = append(all, d.addLater(tables)...)
	return append(all, d.dropTables(func(name string) bool { return !clashing.owns(d.dropped[name]) })...)
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
