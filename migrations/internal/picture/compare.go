package picture

import (
	"cmp"
	"maps"
	"slices"

	"guestlist/migrations/schema"
)

// Side is one of two schemas to compare, with the names in its history.
type Side struct {
	Schema schema.Schema
	Names  *Names
}

// comparison is two schemas, with the names of the tables that are in both.
type comparison struct {
	before, after Side
	was           map[string]string // old names by new names
	is            map[string]string // new names by old names
}

// Between returns a diagram of the changes between two schemas. Unless all is set, unchanged tables are omitted, except
// for the names of those that changed tables refer to.
func Between(title string, before, after Side, all bool) Diagram {
	c := comparison{before: before, after: after, was: map[string]string{}, is: map[string]string{}}
	c.pair()
	d := Diagram{Title: title, Compared: true}
	for _, t := range after.Schema.Tables() {
		was, stays := c.was[t.Name]
		if !stays {
			d.addWhole(t.Name, t, Added)
			continue
		}
		old, _ := before.Schema.Table(was)
		d.Tables = append(d.Tables, c.table(old, t))
		d.Keys = append(d.Keys, c.keys(old, t)...)
	}
	for _, t := range before.Schema.Tables() {
		if _, stays := c.is[t.Name]; !stays {
			d.addWhole(c.nameOfRemoved(t.Name), c.pointed(t), Removed)
		}
	}
	slices.SortStableFunc(d.Tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	d.markTables()
	if !all {
		d.hide()
	}
	return d
}

// pair finds the tables that are in both, by the renames in the history, else by name.
func (c *comparison) pair() {
	take := func(now, was string) {
		_, is := c.after.Schema.Table(now)
		_, had := c.before.Schema.Table(was)
		if is && had && c.was[now] == "" && c.is[was] == "" {
			c.was[now], c.is[was] = was, now
		}
	}
	former := c.after.Names.former(c.before.Names)
	for _, name := range c.after.Schema.Names() {
		if was, known := former[name]; known {
			take(name, was)
		}
	}
	for _, name := range c.after.Schema.Names() {
		take(name, name)
	}
}

// nameOfRemoved returns the name to show for a removed table, as another one may have its name now.
func (c *comparison) nameOfRemoved(name string) string {
	if _, taken := c.after.Schema.Table(name); taken {
		return name + " (before)"
	}
	return name
}

// pointed returns a removed table with the new names in its foreign keys.
func (c *comparison) pointed(t schema.Table) schema.Table {
	t = t.Clone()
	for i, k := range t.ForeignKeys {
		if now, stays := c.is[k.RefTable]; stays {
			t.ForeignKeys[i].RefTable = now
			t.ForeignKeys[i].RefColumns = c.columnsNow(k.RefTable, now, k.RefColumns)
		} else {
			t.ForeignKeys[i].RefTable = c.nameOfRemoved(k.RefTable)
		}
	}
	return t
}

// addWhole adds a table that is in only one of the schemas.
func (d *Diagram) addWhole(name string, t schema.Table, mark Mark) {
	one := Of("", schema.New(t), false)
	drawn := one.Tables[0]
	drawn.Name, drawn.Mark = name, mark
	for i := range drawn.Columns {
		drawn.Columns[i].Mark = mark
	}
	for i := range drawn.Items {
		drawn.Items[i].Mark = mark
	}
	for i := range one.Keys {
		one.Keys[i].Table, one.Keys[i].Mark = name, mark
	}
	d.Tables = append(d.Tables, drawn)
	d.Keys = append(d.Keys, one.Keys...)
}

// table compares a table that is in both schemas.
func (c *comparison) table(was, is schema.Table) Table {
	drawn := Table{Name: is.Name, Comment: is.Comment}
	if was.Name != is.Name {
		drawn.Was, drawn.Mark = was.Name, Changed
	}
	if was.Comment != is.Comment {
		drawn.Mark = Changed
	}
	former := c.formerColumns(was, is)
	kept := map[string]bool{}
	for _, column := range is.Columns {
		one := columnOf(is, column)
		if name, stays := former[column.Name]; stays {
			kept[name] = true
			old, _ := was.Column(name)
			if one.Was = changes(columnOf(was, old), one, old, column); len(one.Was) > 0 {
				one.Mark = Changed
			}
		} else {
			one.Mark = Added
		}
		drawn.Columns = append(drawn.Columns, one)
	}
	for _, column := range was.Columns {
		if !kept[column.Name] {
			one := columnOf(was, column)
			one.Mark = Removed
			drawn.Columns = append(drawn.Columns, one)
		}
	}
	drawn.Items = compareItems(renamed(was, former), is)
	return drawn
}

// formerColumns returns the old names of columns by their new names. It pairs columns as pair does tables.
func (c *comparison) formerColumns(was, is schema.Table) map[string]string {
	pairs, taken := map[string]string{}, map[string]bool{}
	take := func(now, old string) {
		if _, had := was.Column(old); had && pairs[now] == "" && !taken[old] {
			pairs[now], taken[old] = old, true
		}
	}
	known := c.after.Names.formerColumns(is.Name, c.before.Names, was.Name)
	for _, column := range is.Columns {
		if old, ok := known[column.Name]; ok {
			take(column.Name, old)
		}
	}
	for _, column := range is.Columns {
		take(column.Name, column.Name)
	}
	return pairs
}

// renamed returns the old table with the new names of its columns, so that keys and indexes can be compared.
func renamed(was schema.Table, former map[string]string) schema.Table {
	s := schema.New(was)
	for _, now := range slices.Sorted(maps.Keys(former)) {
		if old := former[now]; old != now {
			if _, taken := was.Column(now); !taken {
				s = s.RenameColumn(was.Name, old, now)
			}
		}
	}
	t, _ := s.Table(was.Name)
	return t
}

// changes returns the old properties of a column that have changed.
func changes(was, is Column, old, now schema.Column) []string {
	var said []string
	differs := func(does bool, text string) {
		if does {
			said = append(said, text)
		}
	}
	differs(was.Name != is.Name, was.Name)
	differs(!old.Type.Equal(now.Type) || was.Type != is.Type, was.Type)
	differs(was.Null && !is.Null, "null")
	differs(!was.Null && is.Null, "not null")
	differs(!old.Default.Equal(now.Default), "default "+cmp.Or(was.Default, "none"))
	differs(was.Primary && !is.Primary, "primary key")
	differs(!was.Primary && is.Primary, "no primary key")
	differs(old.AutoIncrement && !now.AutoIncrement, "auto-increment")
	differs(!old.AutoIncrement && now.AutoIncrement, "no auto-increment")
	differs(schema.NormalText(old.Generated) != schema.NormalText(now.Generated),
		"generated "+cmp.Or(oneLine(old.Generated), "never"))
	differs(was.Comment != is.Comment, "comment "+cmp.Or(oneLine(was.Comment), "none"))
	return said
}

// compareItems returns the unique keys, and the indexes and checks that have changed.
func compareItems(was, is schema.Table) []Item {
	before, after, unique := itemsOf(was, true), itemsOf(is, true), itemsOf(is, false)
	in := func(items []item, one item) bool {
		return slices.ContainsFunc(items, func(i item) bool { return i.key == one.key })
	}
	var items []Item
	for _, i := range after {
		switch {
		case !in(before, i):
			items = append(items, Item{Text: i.text, Mark: Added})
		case !i.badge && in(unique, i):
			items = append(items, Item{Text: i.text})
		}
	}
	for _, i := range before {
		if !in(after, i) {
			items = append(items, Item{Text: i.text, Mark: Removed})
		}
	}
	return items
}

// markTables marks the tables in which something has changed.
func (d *Diagram) markTables() {
	for i := range d.Tables {
		t := &d.Tables[i]
		if t.Mark == Same && (slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Mark != Same }) ||
			slices.ContainsFunc(t.Items, func(i Item) bool { return i.Mark != Same }) ||
			slices.ContainsFunc(d.Keys, func(k Key) bool { return k.Table == t.Name && k.Mark != Same })) {
			t.Mark = Changed
		}
	}
}

// hide removes the unchanged tables, except for the names of those that changed tables refer to.
func (d *Diagram) hide() {
	changed := map[string]bool{}
	for _, t := range d.Tables {
		changed[t.Name] = t.Mark != Same
	}
	d.Keys = slices.DeleteFunc(d.Keys, func(k Key) bool { return !changed[k.Table] && k.Mark == Same })
	shown := len(d.Tables)
	d.Tables = slices.DeleteFunc(d.Tables, func(t Table) bool {
		return !changed[t.Name] && !slices.ContainsFunc(d.Keys, func(k Key) bool { return k.To == t.Name })
	})
	d.Hidden = shown - len(d.Tables)
	for i, t := range d.Tables {
		if t.Mark == Same {
			d.Tables[i] = Table{Name: t.Name, Comment: t.Comment, Bare: true}
		}
	}
}

// HasChanges reports whether the schemas differ.
func (d Diagram) HasChanges() bool { return d.count(Same) < len(d.Tables) }

// count returns the number of tables with a mark.
func (d Diagram) count(mark Mark) int {
	n := 0
	for _, t := range d.Tables {
		if t.Mark == mark {
			n++
		}
	}
	return n
}
