package op

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// AddColumn adds a column.
type AddColumn struct {
	Table  string
	Column schema.Column
}

func (o *AddColumn) String() string {
	return fmt.Sprintf("add column %s.%s %s", o.Table, o.Column.Name, describeColumn(o.Column))
}

// Apply adds the column after the others.
func (o *AddColumn) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.Columns = append(t.Columns, o.Column.SplitClauses())
		return nil
	})
}

// Reverse drops the column.
func (o *AddColumn) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&DropColumn{Table: o.Table, Column: o.Column.Name}}, nil
}

// DropColumn drops a column and, as PostgreSQL does, the indexes, constraints and primary key of its table that use it.
type DropColumn struct {
	Table  string
	Column string
}

func (o *DropColumn) String() string { return fmt.Sprintf("drop column %s.%s", o.Table, o.Column) }

// Apply removes the column and what uses it. It fails if a foreign key of another table points at the column.
func (o *DropColumn) Apply(before schema.Schema) (schema.Schema, error) {
	for _, r := range before.References(o.Table) {
		if r.Table != o.Table && slices.Contains(r.Key.RefColumns, o.Column) {
			return before, fmt.Errorf("column %s.%s is referenced by foreign key %s of table %s: drop that first",
				o.Table, o.Column, r.Key.Name, r.Table)
		}
	}
	return editTable(before, o.Table, func(t *schema.Table) error {
		if _, err := columnIn(*t, o.Column); err != nil {
			return err
		}
		removeUses(t, t.Uses(o.Column))
		t.Columns = slices.DeleteFunc(t.Columns, func(c schema.Column) bool { return c.Name == o.Column })
		return nil
	})
}

// removeUses removes constraints and indexes from a table.
func removeUses(t *schema.Table, uses schema.Uses) {
	if uses.PrimaryKey {
		t.PrimaryKey = schema.PrimaryKey{}
	}
	t.Uniques = except(t.Uniques, uses.Uniques, func(u schema.Unique) string { return u.Name })
	t.Checks = except(t.Checks, uses.Checks, func(c schema.Check) string { return c.Name })
	t.ForeignKeys = except(t.ForeignKeys, uses.ForeignKeys, func(k schema.ForeignKey) string { return k.Name })
	t.Indexes = except(t.Indexes, uses.Indexes, func(i schema.Index) string { return i.Name })
}

// except returns the list without the elements that have the name of a removed one.
func except[E any](list, removed []E, name func(E) string) []E {
	return slices.DeleteFunc(list, func(e E) bool {
		return slices.ContainsFunc(removed, func(other E) bool { return name(other) == name(e) })
	})
}

// Reverse adds the column, and the indexes and constraints that used it.
func (o *DropColumn) Reverse(before schema.Schema) ([]Operation, error) {
	c, err := columnOf(before, o.Table, o.Column)
	if err != nil {
		return nil, err
	}
	t, _ := before.Table(o.Table)
	return append([]Operation{&AddColumn{Table: o.Table, Column: c}}, restore(t, t.Uses(o.Column))...), nil
}
