package op

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// UsingIndex makes the constraint from an existing unique index on the same columns. PostgreSQL then builds nothing,
// and renames the index to the constraint: if an earlier revision built it concurrently, nobody waits. SQLite drops the
// index and rebuilds the table.
func (o *AddUnique) UsingIndex(index string) *AddUnique {
	o.Index = index
	return o
}

// UsingIndex makes the key from an existing unique index, like AddUnique.UsingIndex. PostgreSQL reads the whole table
// if a column was nullable before.
func (o *AddPrimaryKey) UsingIndex(index string) *AddPrimaryKey {
	o.Index = index
	return o
}

// takeIndex removes the index that a constraint is made from.
func takeIndex(t *schema.Table, name string, columns []string) error {
	if name == "" {
		return nil
	}
	index, ok := t.Index(name)
	switch {
	case !ok:
		return fmt.Errorf("index %s on table %s does not exist", name, t.Name)
	case !makesConstraint(index):
		return fmt.Errorf("index %s on table %s cannot become a constraint: it must be unique, on columns only, all"+
			" ascending, and not partial", name, t.Name)
	case !slices.Equal(index.Columns(), columns):
		return fmt.Errorf("index %s is on %s, but the constraint on %s", name, list(index.Columns()), list(columns))
	}
	t.Indexes = slices.DeleteFunc(t.Indexes, func(i schema.Index) bool { return i.Name == name })
	return nil
}

// makesConstraint reports whether PostgreSQL can make a constraint from the index
// (https://www.postgresql.org/docs/current/sql-altertable.html).
func makesConstraint(i schema.Index) bool {
	plain := func(k schema.IndexKey) bool { return k.Normal() == schema.IndexKey{Column: k.Column} }
	return i.Unique && i.Where == "" && i.Option == "" && i.Normal().Method == "" &&
		!slices.ContainsFunc(i.Keys, func(k schema.IndexKey) bool { return !plain(k) })
}

// dropToIndex returns the operations that drop the constraint and create the index that it was made from.
func dropToIndex(before schema.Schema, table, name string, drop Operation) ([]Operation, error) {
	if name == "" {
		return []Operation{drop}, nil
	}
	t, err := tableOf(before, table)
	if err != nil {
		return nil, err
	}
	index, ok := t.Index(name)
	if !ok {
		return nil, fmt.Errorf("index %s on table %s does not exist", name, table)
	}
	return []Operation{drop, &CreateIndex{Table: table, Index: index}}, nil
}

func usingIndex(name string) string {
	if name == "" {
		return ""
	}
	return " using index " + name
}
