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

import "slices"

// Schema is a set of tables.
type Schema struct {
	Tables []Table
}

// Table answers the table of that name and whether there is one.
func (s Schema) Table(name string) (Table, bool) {
	if i := s.index(name); i >= 0 {
		return s.Tables[i], true
	}
	return Table{}, false
}

// With answers a schema in which t takes the place of the table of its name, or is added.
func (s Schema) With(t Table) Schema {
	tables := append(make([]Table, 0, len(s.Tables)+1), s.Tables...)
	if i := s.index(t.Name); i >= 0 {
		tables[i] = t
		return Schema{Tables: tables}
	}
	return Schema{Tables: append(tables, t)}
}

// Without answers a schema that lacks the table of that name.
func (s Schema) Without(name string) Schema {
	tables := slices.Clone(s.Tables)
	return Schema{Tables: slices.DeleteFunc(tables, func(t Table) bool { return t.Name == name })}
}

// Reference is a foreign key together with the table that holds it.
type Reference struct {
	Table string
	Key   ForeignKey
}

// References answers the foreign keys that point at the table, its own among them, in the order of the tables.
func (s Schema) References(table string) []Reference {
	var found []Reference
	for i := range s.Tables {
		t := &s.Tables[i]
		for _, k := range t.ForeignKeys {
			if k.RefTable == table {
				found = append(found, Reference{Table: t.Name, Key: k})
			}
		}
	}
	return found
}

// IndexOwner answers the name of the table, other than the one named except, that holds the index or unique constraint of
// that name. The two share one name space, and indexes share it across the tables of a schema.
func (s Schema) IndexOwner(index, except string) (table string, ok bool) {
	for i := range s.Tables {
		t := &s.Tables[i]
		if t.Name != except && t.hasIndex(index) {
			return t.Name, true
		}
	}
	return "", false
}

// hasIndex takes a pointer, as index below goes by one: a history of many tables is looked through at every operation,
// and a table is large to copy.
func (t *Table) hasIndex(name string) bool {
	return slices.ContainsFunc(t.Indexes, func(i Index) bool { return i.Name == name }) ||
		slices.ContainsFunc(t.Uniques, func(u Unique) bool { return u.Name == name })
}

func (s Schema) index(name string) int {
	for i := range s.Tables {
		if s.Tables[i].Name == name {
			return i
		}
	}
	return -1
}
