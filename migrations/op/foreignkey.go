package op

import (
	"fmt"

	"guestlist/migrations/schema"
)

// AddForeignKey adds a foreign key to an existing table. Tables that point at each other need it.
type AddForeignKey struct {
	Table string
	Key   schema.ForeignKey
}

// References sets the table and the columns that the key points at.
func (o *AddForeignKey) References(table string, columns ...string) *AddForeignKey {
	o.Key.RefTable, o.Key.RefColumns = table, columns
	return o
}

// OnDelete sets the action when the referenced row is deleted: CASCADE, SET NULL, RESTRICT, ….
func (o *AddForeignKey) OnDelete(action string) *AddForeignKey {
	o.Key.OnDelete = action
	return o
}

// OnUpdate sets the action when the key of the referenced row changes.
func (o *AddForeignKey) OnUpdate(action string) *AddForeignKey {
	o.Key.OnUpdate = action
	return o
}

func (o *AddForeignKey) String() string {
	return fmt.Sprintf("add foreign key %s on %s (%s) references %s (%s)",
		o.Key.Name, o.Table, list(o.Key.Columns), o.Key.RefTable, list(o.Key.RefColumns)) + notValid(o.Key.NotValid)
}

// Apply adds the key.
func (o *AddForeignKey) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.ForeignKeys = append(t.ForeignKeys, o.Key)
		return nil
	})
}

// Reverse drops the key.
func (o *AddForeignKey) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&DropForeignKey{Table: o.Table, Name: o.Key.Name}}, nil
}

// DropForeignKey drops a foreign key, not its columns.
type DropForeignKey struct {
	Table string
	Name  string
}

func (o *DropForeignKey) String() string {
	return fmt.Sprintf("drop foreign key %s on %s", o.Name, o.Table)
}

// Apply removes the key.
func (o *DropForeignKey) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) (err error) {
		t.ForeignKeys, err = remove(t.ForeignKeys, o.missing(),
			func(k schema.ForeignKey) bool { return k.Name == o.Name })
		return err
	})
}

// Reverse adds the key as it was.
func (o *DropForeignKey) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	k, ok := t.Clone().ForeignKey(o.Name)
	if !ok {
		return nil, fmt.Errorf("%s does not exist", o.missing())
	}
	return []Operation{&AddForeignKey{Table: o.Table, Key: k}}, nil
}

func (o *DropForeignKey) missing() string {
	return fmt.Sprintf("foreign key %s on table %s", o.Name, o.Table)
}
