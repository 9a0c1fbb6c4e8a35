package op

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// NotValid adds the check for new rows only: PostgreSQL does not check existing rows, and so locks the table only for a
// moment (https://www.postgresql.org/docs/current/sql-altertable.html). ValidateCheck, in a later transaction, checks
// them. SQLite checks all rows immediately.
func (o *AddCheck) NotValid() *AddCheck {
	o.Check.NotValid = true
	return o
}

// NotValid adds the key for new rows only, like AddCheck.NotValid; ValidateForeignKey checks existing rows.
func (o *AddForeignKey) NotValid() *AddForeignKey {
	o.Key.NotValid = true
	return o
}

// ValidateCheck checks the existing rows against a check that was added as NotValid. On PostgreSQL, it does not block
// reads and writes; on SQLite, it does nothing.
type ValidateCheck struct {
	Table string
	Name  string
}

func (o *ValidateCheck) String() string {
	return fmt.Sprintf("validate check %s on %s", o.Name, o.Table)
}

// Apply marks the check as valid, if it is not.
func (o *ValidateCheck) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		i := slices.IndexFunc(t.Checks, func(c schema.Check) bool { return c.Name == o.Name })
		if i < 0 {
			return fmt.Errorf("check constraint %s on table %s does not exist", o.Name, o.Table)
		}
		t.Checks[i].NotValid = false
		return nil
	})
}

// Reverse drops the check and adds it as NotValid: no database can undo a validation.
func (o *ValidateCheck) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	if c, _ := t.Check(o.Name); !c.NotValid {
		return nil, nil
	}
	drop := &DropCheck{Table: o.Table, Name: o.Name}
	again, err := drop.Reverse(before)
	return append([]Operation{drop}, again...), err
}

// ValidateForeignKey checks the existing rows against a foreign key that was added as NotValid. On PostgreSQL, it does
// not block reads and writes; on SQLite, it does nothing.
type ValidateForeignKey struct {
	Table string
	Name  string
}

func (o *ValidateForeignKey) String() string {
	return fmt.Sprintf("validate foreign key %s on %s", o.Name, o.Table)
}

// Apply marks the key as valid, if it is not.
func (o *ValidateForeignKey) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		i := slices.IndexFunc(t.ForeignKeys, func(k schema.ForeignKey) bool { return k.Name == o.Name })
		if i < 0 {
			return fmt.Errorf("foreign key %s on table %s does not exist", o.Name, o.Table)
		}
		t.ForeignKeys[i].NotValid = false
		return nil
	})
}

// Reverse drops the key and adds it as NotValid: no database can undo a validation.
func (o *ValidateForeignKey) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	if k, _ := t.ForeignKey(o.Name); !k.NotValid {
		return nil, nil
	}
	drop := &DropForeignKey{Table: o.Table, Name: o.Name}
	again, err := drop.Reverse(before)
	return append([]Operation{drop}, again...), err
}

func notValid(is bool) string {
	if is {
		return " not valid"
	}
	return ""
}
