package op

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// UsingIndex makes the constraint of a unique index that is there, whose columns it takes. PostgreSQL then builds
// nothing, and the index gets the constraint's name: built concurrently in a revision before, it keeps nobody waiting.
// SQLite drops the index and builds the table again.
func (o *AddUnique) UsingIndex(index string) *AddUnique {
	o.Index = index
	return o
}

// UsingIndex makes the key of a unique index that is there, as that of a unique constraint does. PostgreSQL reads the
// table if a column may be NULL before.
func (o *AddPrimaryKey) UsingIndex(index string) *AddPrimaryKey {
	o.Index = index
	return o
}

// takeIndex removes the index that a constraint is made of.
func takeIndex(t *schema.Table, name string, columns []string) error {
	if name == "" {
		return nil
	}
	index, ok := t.Index(name)
	switch {
	case !ok:
		return fmt.Errorf("index %s on table %s does not exist", name, t.Name)
	case !makesConstraint(index):
		return fmt.Errorf("index %s on table %s cannot become a constraint: it has to be a unique one of columns only,"+
			" all ascending, and of all rows", name, t.Name)
	case !slices.Equal(index.Columns(), columns):
		return fmt.Errorf("index %s is on %s, and the constraint on %s", name, list(index.Columns()), list(columns))
	}
	t.Indexes = slices.DeleteFunc(t.Indexes, func(i schema.Index) bool { return i.Name == name })
	return nil
}

// makesConstraint knows what PostgreSQL asks of an index (https://www.postgresql.org/docs/current/sql-altertable.html).
func makesConstraint(i schema.Index) bool {
	plain := func(k schema.IndexKey) bool { return k.Normal() == schema.IndexKey{Column: k.Column} }
	return i.Unique && i.Where == "" && i.Option == "" && i.Normal().Method == "" &&
		!slices.ContainsFunc(i.Keys, func(k schema.IndexKey) bool { return !plain(k) })
}

// giveIndex returns the operations that drop the constraint and make the index again that it was made of.
func giveIndex(before schema.Schema, table, name string, drop Operation) ([]Operation, error) {
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
