package schema

import "slices"

// Uses lists the constraints and indexes of a table that use a column, and so are dropped with it.
type Uses struct {
	PrimaryKey  bool
	Uniques     []Unique
	Checks      []Check
	ForeignKeys []ForeignKey
	Indexes     []Index
}

// Uses returns the constraints and indexes that use the column. As on PostgreSQL, a check uses every column that its
// expression mentions.
func (t Table) Uses(column string) Uses {
	return Uses{
		PrimaryKey: slices.Contains(t.PrimaryKey.Columns, column),
		Uniques:    filter(t.Uniques, func(u Unique) bool { return slices.Contains(u.Columns, column) }),
		Checks:     filter(t.Checks, func(c Check) bool { return Mentions(c.Expression, column) }),
		ForeignKeys: filter(t.ForeignKeys, func(k ForeignKey) bool {
			self := k.RefTable == t.Name && slices.Contains(k.RefColumns, column)
			return self || slices.Contains(k.Columns, column)
		}),
		Indexes: filter(t.Indexes, func(i Index) bool { return i.uses(column) }),
	}
}

// Names returns the names of the constraints and indexes, without the primary key.
func (u Uses) Names() []string {
	var names []string
	for _, k := range u.ForeignKeys {
		names = append(names, k.Name)
	}
	for _, c := range u.Checks {
		names = append(names, c.Name)
	}
	for _, q := range u.Uniques {
		names = append(names, q.Name)
	}
	for _, i := range u.Indexes {
		names = append(names, i.Name)
	}
	return names
}

func (i Index) uses(column string) bool {
	return i.Covers(column) || Mentions(i.Where, column) || Mentions(i.Option, column) ||
		slices.ContainsFunc(i.Keys, func(k IndexKey) bool { return Mentions(k.Expression, column) })
}

func filter[E any](list []E, matches func(E) bool) []E {
	var found []E
	for _, e := range list {
		if matches(e) {
			found = append(found, e)
		}
	}
	return found
}
