package picture

import (
	"cmp"
	"slices"

	"guestlist/migrations/schema"
)

// keys compares the foreign keys of a table that is in both schemas. Keys with the same columns are the same.
func (c *comparison) keys(was, is schema.Table) []Key {
	was = renamed(was, c.formerColumns(was, is))
	var before []Key
	for _, k := range was.ForeignKeys {
		one := keyOf(was, k)
		one.Table = is.Name
		if now, stays := c.is[k.RefTable]; stays {
			one.To = now
			one.RefColumns = c.columnsNow(k.RefTable, now, k.RefColumns)
		} else {
			one.To = c.nameOfRemoved(k.RefTable)
		}
		before = append(before, one)
	}
	var all []Key
	for _, k := range is.ForeignKeys {
		one := keyOf(is, k)
		at := slices.IndexFunc(before, one.leadsAs)
		switch {
		case at < 0:
			one.Mark = Added
		case before[at].Actions != one.Actions:
			one.Mark, one.Was = Changed, []string{cmp.Or(before[at].Actions, "no action")}
		}
		if at >= 0 {
			before = slices.Delete(before, at, at+1)
		}
		all = append(all, one)
	}
	for _, k := range before {
		k.Mark = Removed
		all = append(all, k)
	}
	return all
}

// columnsNow returns the new names of columns of a table.
func (c *comparison) columnsNow(table, now string, columns []string) []string {
	was, _ := c.before.Schema.Table(table)
	is, _ := c.after.Schema.Table(now)
	byOld := map[string]string{}
	for name, old := range c.formerColumns(was, is) {
		byOld[old] = name
	}
	var names []string
	for _, column := range columns {
		names = append(names, cmp.Or(byOld[column], column))
	}
	return names
}

func (k Key) leadsAs(other Key) bool {
	return k.To == other.To && slices.Equal(k.Columns, other.Columns) && slices.Equal(k.RefColumns, other.RefColumns)
}
