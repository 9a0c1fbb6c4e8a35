// Package schema describes a database schema as plain values: tables, columns, types, indexes and constraints, the
// same for every dialect.
//
// The GORM models of a program and the history of its revisions are both turned into a schema, so that they can be
// compared. A schema is never read from a database, because a database forgets: SQLite no longer knows that a text
// column was a varchar(32).
//
//	Schema ── Table ─┬─ Column ── Type, Default
//	                 ├─ PrimaryKey, Unique, Check, ForeignKey
//	                 └─ Index ── IndexKey
//
// Values are immutable: a method that changes a schema returns a new one. Schemas are compared in their normal form, in
// which everything is sorted by name, and what no dialect can tell apart is written the same way.
package schema

import (
	"slices"
	"strings"
)

// Schema is a set of tables. The zero value has none.
type Schema struct {
	// tables are sorted by name. Neither the slice nor a table is ever modified: With and Without copy the slice.
	tables []*Table
}

// New returns a schema with the tables. Of several tables with the same name, the last one wins.
func New(tables ...Table) Schema {
	var s Schema
	byName := make([]*Table, 0, len(tables))
	for i := range tables {
		t := tables[i]
		byName = append(byName, &t)
	}
	slices.SortStableFunc(byName, func(a, b *Table) int { return strings.Compare(a.Name, b.Name) })
	for i, t := range byName {
		if i+1 == len(byName) || byName[i+1].Name != t.Name {
			s.tables = append(s.tables, t)
		}
	}
	return s
}

// Tables returns the tables, sorted by name.
func (s Schema) Tables() []Table {
	all := make([]Table, 0, len(s.tables))
	for _, t := range s.tables {
		all = append(all, *t)
	}
	return all
}

// Names returns the names of the tables, sorted.
func (s Schema) Names() []string {
	names := make([]string, 0, len(s.tables))
	for _, t := range s.tables {
		names = append(names, t.Name)
	}
	return names
}

// Table returns the table with that name, and whether it exists.
func (s Schema) Table(name string) (Table, bool) {
	if i, ok := s.find(name); ok {
		return *s.tables[i], true
	}
	return Table{}, false
}

// With returns a schema with t added. It replaces a table of the same name.
func (s Schema) With(t Table) Schema {
	i, ok := s.find(t.Name)
	if ok {
		tables := slices.Clone(s.tables)
		tables[i] = &t
		return Schema{tables}
	}
	return Schema{slices.Concat(s.tables[:i], []*Table{&t}, s.tables[i:])}
}

// Without returns a schema without the table of that name.
func (s Schema) Without(name string) Schema {
	i, ok := s.find(name)
	if !ok {
		return s
	}
	return Schema{slices.Concat(s.tables[:i], s.tables[i+1:])}
}

// find returns the position of the table with that name, or where to insert it, and whether it exists.
func (s Schema) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s.tables, name, func(t *Table, name string) int {
		return strings.Compare(t.Name, name)
	})
}

// Reference is a foreign key together with the table that holds it.
type Reference struct {
	Table string
	Key   ForeignKey
}

// References returns the foreign keys that point at the table, including its own, sorted by the table that holds them.
func (s Schema) References(table string) []Reference {
	var found []Reference
	for _, t := range s.tables {
		for _, k := range t.ForeignKeys {
			if k.RefTable == table {
				found = append(found, Reference{Table: t.Name, Key: k})
			}
		}
	}
	return found
}

// IndexOwner returns the table other than except that has an index or unique constraint of that name, and whether there
// is one. Indexes and unique constraints share a namespace across all tables of a schema.
func (s Schema) IndexOwner(index, except string) (table string, ok bool) {
	for _, t := range s.tables {
		if t.Name != except && t.hasIndex(index) {
			return t.Name, true
		}
	}
	return "", false
}

// HasName reports whether a table, index or unique constraint has that name, ignoring case.
func (s Schema) HasName(name string) bool {
	return slices.ContainsFunc(s.tables, func(t *Table) bool {
		return strings.EqualFold(t.Name, name) ||
			slices.ContainsFunc(t.IndexNames(), func(index string) bool { return strings.EqualFold(index, name) })
	})
}

// hasIndex reports whether the table has an index or unique constraint of that name. It copies no element, as it runs
// on every table for every index that a history creates.
func (t *Table) hasIndex(name string) bool {
	for i := range t.Uniques {
		if t.Uniques[i].Name == name {
			return true
		}
	}
	for i := range t.Indexes {
		if t.Indexes[i].Name == name {
			return true
		}
	}
	return false
}
