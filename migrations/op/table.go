package op

import (
	"fmt"

	"guestlist/migrations/schema"
)

// CreateTable creates a table with its constraints. Indexes are created by CreateIndex.
type CreateTable struct {
	Table schema.Table
}

func (o *CreateTable) String() string { return "create table " + o.Table.Name }

// Apply adds the table.
func (o *CreateTable) Apply(before schema.Schema) (schema.Schema, error) {
	if _, exists := before.Table(o.Table.Name); exists {
		return before, fmt.Errorf("table %s already exists", o.Table.Name)
	}
	if len(o.Table.Indexes) > 0 {
		return before, fmt.Errorf("table %s: indexes are created by CreateIndex", o.Table.Name)
	}
	t := o.Table.Clone()
	for n := range t.Columns {
		t.Columns[n] = t.Columns[n].SplitClauses()
	}
	after := before.With(t)
	if err := checkTable(after, o.Table, nil); err != nil {
		return before, err
	}
	return after, nil
}

// Reverse drops the table.
func (o *CreateTable) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&DropTable{Table: o.Table.Name}}, nil
}

// DropTable drops a table with its constraints and indexes.
type DropTable struct {
	Table string
}

func (o *DropTable) String() string { return "drop table " + o.Table }

// Apply removes the table. It fails if a foreign key of another table points at it.
func (o *DropTable) Apply(before schema.Schema) (schema.Schema, error) {
	if _, err := tableOf(before, o.Table); err != nil {
		return before, err
	}
	for _, r := range before.References(o.Table) {
		if r.Table != o.Table {
			return before, fmt.Errorf("table %s is referenced by foreign key %s of table %s: drop that first",
				o.Table, r.Key.Name, r.Table)
		}
	}
	return before.Without(o.Table), nil
}

// Reverse creates the table and its indexes.
func (o *DropTable) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	indexes := t.Indexes
	t.Indexes = nil
	return append([]Operation{&CreateTable{Table: t.Clone()}}, createIndexes(t.Name, indexes)...), nil
}
