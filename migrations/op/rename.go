package op

import (
	"fmt"

	"guestlist/migrations/schema"
)

// RenameTable renames a table. Foreign keys to it follow; its indexes and constraints keep their names.
type RenameTable struct {
	From string
	To   string
}

func (o *RenameTable) String() string { return fmt.Sprintf("rename table %s to %s", o.From, o.To) }

// Apply renames the table and every reference to it.
func (o *RenameTable) Apply(before schema.Schema) (schema.Schema, error) {
	if _, err := tableOf(before, o.From); err != nil {
		return before, err
	}
	if _, taken := before.Table(o.To); taken || o.To == "" {
		return before, fmt.Errorf("table %s already exists", o.To)
	}
	return before.RenameTable(o.From, o.To), nil
}

// Reverse renames the table back.
func (o *RenameTable) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&RenameTable{From: o.To, To: o.From}}, nil
}

// RenameColumn renames a column. Keys, indexes and constraints on it follow, and keep their names.
type RenameColumn struct {
	Table string
	From  string
	To    string
}

func (o *RenameColumn) String() string {
	return fmt.Sprintf("rename column %s.%s to %s", o.Table, o.From, o.To)
}

// Apply renames the column and every reference to it.
func (o *RenameColumn) Apply(before schema.Schema) (schema.Schema, error) {
	if _, err := columnOf(before, o.Table, o.From); err != nil {
		return before, err
	}
	if _, err := columnOf(before, o.Table, o.To); err == nil || o.To == "" {
		return before, fmt.Errorf("column %s.%s already exists", o.Table, o.To)
	}
	return before.RenameColumn(o.Table, o.From, o.To), nil
}

// Reverse renames the column back.
func (o *RenameColumn) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&RenameColumn{Table: o.Table, From: o.To, To: o.From}}, nil
}

// RenameIndex renames an index.
type RenameIndex struct {
	Table string
	From  string
	To    string
}

func (o *RenameIndex) String() string {
	return fmt.Sprintf("rename index %s on %s to %s", o.From, o.Table, o.To)
}

// Apply renames the index.
func (o *RenameIndex) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		for n := range t.Indexes {
			if t.Indexes[n].Name == o.From {
				t.Indexes[n].Name = o.To
				return nil
			}
		}
		return fmt.Errorf("index %s on table %s does not exist", o.From, o.Table)
	})
}

// Reverse renames the index back.
func (o *RenameIndex) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&RenameIndex{Table: o.Table, From: o.To, To: o.From}}, nil
}

// RenameConstraint renames a unique constraint, check, foreign key or named primary key.
type RenameConstraint struct {
	Table string
	From  string
	To    string
}

func (o *RenameConstraint) String() string {
	return fmt.Sprintf("rename constraint %s on %s to %s", o.From, o.Table, o.To)
}

// Apply renames the constraint.
func (o *RenameConstraint) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		for _, name := range constraintFields(t) {
			if *name == o.From && o.From != "" {
				*name = o.To
				return nil
			}
		}
		return fmt.Errorf("constraint %s on table %s does not exist", o.From, o.Table)
	})
}

// Reverse renames the constraint back.
func (o *RenameConstraint) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&RenameConstraint{Table: o.Table, From: o.To, To: o.From}}, nil
}

// constraintFields returns pointers to the names of a table's constraints.
func constraintFields(t *schema.Table) []*string {
	fields := []*string{&t.PrimaryKey.Name}
	for n := range t.Uniques {
		fields = append(fields, &t.Uniques[n].Name)
	}
	for n := range t.Checks {
		fields = append(fields, &t.Checks[n].Name)
	}
	for n := range t.ForeignKeys {
		fields = append(fields, &t.ForeignKeys[n].Name)
	}
	return fields
}
