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
// Values are never changed in place: whatever changes a schema answers a new one. Two schemas are compared in their
// normal form, in which everything is sorted by name and what no dialect can tell apart is written the same way.
package schema

import (
	"slices"
	"strings"
)

// Schema is a set of tables. The zero value has none.
type Schema struct {
	tables *node[*Table]
	// What is asked of other tables at every operation, without looking through them: keys are two names, parted by
	// the separator.
	labels  *node[struct{}] // index or unique constraint, table
	targets *node[struct{}] // table that a foreign key points at, table that holds it
}

// separator stands in no name.
const separator = "\x00"

// New answers the schema of the tables; of several of one name, the last counts.
func New(tables ...Table) Schema {
	var s Schema
	for _, t := range tables {
		s = s.With(t)
	}
	return s
}

// Tables answers the tables, sorted by name.
func (s Schema) Tables() []Table {
	var all []Table
	s.tables.each("", func(_ string, t *Table) bool {
		all = append(all, *t)
		return true
	})
	return all
}

// Table answers the table of that name and whether there is one.
func (s Schema) Table(name string) (Table, bool) {
	if t, ok := s.tables.get(name); ok {
		return *t, true
	}
	return Table{}, false
}

// With answers a schema in which t takes the place of the table of its name, or is added.
func (s Schema) With(t Table) Schema {
	was, _ := s.Table(t.Name)
	return Schema{
		tables:  s.tables.with(t.Name, &t),
		labels:  listed(s.labels, was.labels(), t.labels(), t.Name),
		targets: listed(s.targets, was.targets(), t.targets(), t.Name),
	}
}

// Without answers a schema that lacks the table of that name.
func (s Schema) Without(name string) Schema {
	was, _ := s.Table(name)
	return Schema{
		tables:  s.tables.without(name),
		labels:  listed(s.labels, was.labels(), nil, name),
		targets: listed(s.targets, was.targets(), nil, name),
	}
}

// listed answers the list with a table under other names.
func listed(list *node[struct{}], was, is []string, table string) *node[struct{}] {
	for _, name := range was {
		if !slices.Contains(is, name) {
			list = list.without(name + separator + table)
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			list = list.with(name+separator+table, struct{}{})
		}
	}
	return list
}

// labels answers the names of indexes and unique constraints.
func (t Table) labels() []string {
	names := make([]string, 0, len(t.Uniques)+len(t.Indexes))
	for _, u := range t.Uniques {
		names = append(names, u.Name)
	}
	for _, i := range t.Indexes {
		names = append(names, i.Name)
	}
	return names
}

// targets answers the tables that foreign keys point at.
func (t Table) targets() []string {
	names := make([]string, 0, len(t.ForeignKeys))
	for _, k := range t.ForeignKeys {
		names = append(names, k.RefTable)
	}
	return names
}

// Reference is a foreign key together with the table that holds it.
type Reference struct {
	Table string
	Key   ForeignKey
}

// References answers the foreign keys that point at the table, its own among them, sorted by the tables that hold them.
func (s Schema) References(table string) []Reference {
	var found []Reference
	s.targets.each(table+separator, func(key string, _ struct{}) bool {
		t, _ := s.Table(strings.TrimPrefix(key, table+separator))
		for _, k := range t.ForeignKeys {
			if k.RefTable == table {
				found = append(found, Reference{Table: t.Name, Key: k})
			}
		}
		return true
	})
	return found
}

// IndexOwner answers the name of the table, other than the one named except, that holds the index or unique constraint of
// that name. The two share one name space, and indexes share it across the tables of a schema.
func (s Schema) IndexOwner(index, except string) (table string, ok bool) {
	s.labels.each(index+separator, func(key string, _ struct{}) bool {
		table = strings.TrimPrefix(key, index+separator)
		ok = table != except
		return !ok
	})
	if !ok {
		return "", false
	}
	return table, true
}
