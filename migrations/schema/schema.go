// Package schema describes a database schema as plain values: tables, columns, types, indexes and constraints, the
// same for every dialect.
//
// A schema is what two very different things are turned into so that they can be compared: the GORM models of the
// program, and the history of its revisions. It is never read from a database, because a database forgets: SQLite
// no longer knows that a text column was a varchar(32).
//
//	Schema ── Table ─┬─ Column ── Type, Default
//	                 ├─ PrimaryKey, Unique, Check, ForeignKey
//	                 └─ Index ── IndexKey
//
// Values are never changed in place: whatever changes a schema returns a new one. Two schemas are compared in their
// normal form, in which everything is sorted by name and what no dialect can tell apart is written the same way.
package schema

import (
	"slices"
	"strings"
)

// Schema is a set of tables. The zero value has none.
type Schema struct {
	// Sorted by name. Neither the slice nor a table is ever changed: With and Without copy the slice.
	tables []*Table
}

// New returns the schema of the tables; of several with one name, the last counts.
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

// Table returns the table of that name and whether there is one.
func (s Schema) Table(name string) (Table, bool) {
	if i, ok := s.find(name); ok {
		return *s.tables[i], true
	}
	return Table{}, false
}

// With returns a schema in which t takes the place of the table of its name, or is added.
func (s Schema) With(t Table) Schema {
	i, ok := s.find(t.Name)
	if ok {
		tables := slices.Clone(s.tables)
		tables[i] = &t
		return Schema{tables}
	}
	return Schema{slices.Concat(s.tables[:i], []*Table{&t}, s.tables[i:])}
}

// Without returns a schema that lacks the table of that name.
func (s Schema) Without(name string) Schema {
	i, ok := s.find(name)
	if !ok {
		return s
	}
	return Schema{slices.Concat(s.tables[:i], s.tables[i+1:])}
}

// find returns the position of the table of that name, or where it would be inserted.
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

// References returns the foreign keys that point at the table, its own among them, sorted by the tables that hold them.
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

// IndexOwner returns the name of the table, other than the one named except, that holds the index or unique constraint
// of that name. The two share one name space, and indexes share it across the tables of a schema.
func (s Schema) IndexOwner(index, except string) (table string, ok bool) {
	for _, t := range s.tables {
		if t.Name != except && t.hasIndex(index) {
			return t.Name, true
		}
	}
	return "", false
}

// HasName reports whether a table, index or unique constraint has that name, whatever its case.
func (s Schema) HasName(name string) bool {
	return slices.ContainsFunc(s.tables, func(t *Table) bool {
		return strings.EqualFold(t.Name, name) ||
			slices.ContainsFunc(t.IndexNames(), func(index string) bool { return strings.EqualFold(index, name) })
	})
}

// hasIndex copies no element, as it is asked of every table for every index that a history creates.
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
