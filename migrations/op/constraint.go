package op

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// AddPrimaryKey adds a primary key to a table that has none.
type AddPrimaryKey struct {
	Table string
	Key   schema.PrimaryKey
	// Index is the unique index that becomes the key, or empty to build one.
	Index string
}

// Named sets the name of the key, instead of PostgreSQL's <table>_pkey.
func (o *AddPrimaryKey) Named(name string) *AddPrimaryKey {
	o.Key.Name = name
	return o
}

func (o *AddPrimaryKey) String() string {
	return fmt.Sprintf("add primary key on %s (%s)", o.Table, list(o.Key.Columns)) + usingIndex(o.Index)
}

// Apply adds the key.
func (o *AddPrimaryKey) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		if len(t.PrimaryKey.Columns) > 0 {
			return fmt.Errorf("table %s already has a primary key (%s)", o.Table, list(t.PrimaryKey.Columns))
		}
		t.PrimaryKey = o.Key
		if err := checkColumnList(*t, "primary key", o.Key.Columns); err != nil {
			return err
		}
		return takeIndex(t, o.Index, o.Key.Columns)
	})
}

// Reverse drops the key, and creates the index that it was made from.
func (o *AddPrimaryKey) Reverse(before schema.Schema) ([]Operation, error) {
	return dropToIndex(before, o.Table, o.Index, &DropPrimaryKey{Table: o.Table})
}

// DropPrimaryKey drops the primary key of a table, not its columns.
type DropPrimaryKey struct {
	Table string
}

func (o *DropPrimaryKey) String() string { return "drop primary key on " + o.Table }

// Apply removes the key. It fails if a foreign key points at it.
func (o *DropPrimaryKey) Apply(before schema.Schema) (schema.Schema, error) {
	return dropKey(before, o.Table, func(t *schema.Table) error {
		if len(t.PrimaryKey.Columns) == 0 {
			return fmt.Errorf("table %s has no primary key", o.Table)
		}
		t.PrimaryKey = schema.PrimaryKey{}
		return nil
	})
}

// Reverse adds the key as it was.
func (o *DropPrimaryKey) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	return []Operation{&AddPrimaryKey{Table: o.Table, Key: t.Clone().PrimaryKey}}, nil
}

// AddUnique adds a unique constraint.
type AddUnique struct {
	Table  string
	Unique schema.Unique
	// Index is the unique index that becomes the constraint, or empty to build one.
	Index string
}

func (o *AddUnique) String() string {
	return fmt.Sprintf("add unique %s on %s (%s)", o.Unique.Name, o.Table, list(o.Unique.Columns)) + usingIndex(o.Index)
}

// Apply adds the constraint.
func (o *AddUnique) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.Uniques = append(t.Uniques, o.Unique)
		return takeIndex(t, o.Index, o.Unique.Columns)
	})
}

// Reverse drops the constraint, and creates the index that it was made from.
func (o *AddUnique) Reverse(before schema.Schema) ([]Operation, error) {
	return dropToIndex(before, o.Table, o.Index, &DropUnique{Table: o.Table, Name: o.Unique.Name})
}

// DropUnique drops a unique constraint.
type DropUnique struct {
	Table string
	Name  string
}

func (o *DropUnique) String() string { return fmt.Sprintf("drop unique %s on %s", o.Name, o.Table) }

// Apply removes the constraint. It fails if a foreign key points at its columns.
func (o *DropUnique) Apply(before schema.Schema) (schema.Schema, error) {
	return dropKey(before, o.Table, func(t *schema.Table) (err error) {
		t.Uniques, err = remove(t.Uniques, o.missing(), func(u schema.Unique) bool { return u.Name == o.Name })
		return err
	})
}

// Reverse adds the constraint as it was.
func (o *DropUnique) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	u, ok := t.Clone().Unique(o.Name)
	if !ok {
		return nil, fmt.Errorf("%s does not exist", o.missing())
	}
	return []Operation{&AddUnique{Table: o.Table, Unique: u}}, nil
}

func (o *DropUnique) missing() string {
	return fmt.Sprintf("unique constraint %s on table %s", o.Name, o.Table)
}

// AddCheck adds a check constraint.
type AddCheck struct {
	Table string
	Check schema.Check
}

func (o *AddCheck) String() string {
	return fmt.Sprintf("add check %s on %s (%s)", o.Check.Name, o.Table, o.Check.Expression) + notValid(o.Check.NotValid)
}

// Apply adds the constraint.
func (o *AddCheck) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.Checks = append(t.Checks, o.Check)
		return nil
	})
}

// Reverse drops the constraint.
func (o *AddCheck) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&DropCheck{Table: o.Table, Name: o.Check.Name}}, nil
}

// DropCheck drops a check constraint.
type DropCheck struct {
	Table string
	Name  string
}

func (o *DropCheck) String() string { return fmt.Sprintf("drop check %s on %s", o.Name, o.Table) }

// Apply removes the constraint.
func (o *DropCheck) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) (err error) {
		t.Checks, err = remove(t.Checks, o.missing(), func(c schema.Check) bool { return c.Name == o.Name })
		return err
	})
}

// Reverse adds the constraint as it was.
func (o *DropCheck) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	c, ok := t.Check(o.Name)
	if !ok {
		return nil, fmt.Errorf("%s does not exist", o.missing())
	}
	return []Operation{&AddCheck{Table: o.Table, Check: c}}, nil
}

func (o *DropCheck) missing() string {
	return fmt.Sprintf("check constraint %s on table %s", o.Name, o.Table)
}

func list(columns []string) string { return strings.Join(columns, ", ") }

// dropKey edits a table. It fails if a foreign key then points at columns that are no longer a key.
func dropKey(before schema.Schema, table string, edit func(t *schema.Table) error) (schema.Schema, error) {
	after, err := editTable(before, table, edit)
	if err != nil {
		return before, err
	}
	was, _ := before.Table(table)
	is, _ := after.Table(table)
	for _, r := range before.References(table) {
		if was.IsKey(r.Key.RefColumns) && !is.IsKey(r.Key.RefColumns) {
			return before, fmt.Errorf("%s (%s) is referenced by foreign key %s of table %s: drop that first",
				table, list(r.Key.RefColumns), r.Key.Name, r.Table)
		}
	}
	return after, nil
}
