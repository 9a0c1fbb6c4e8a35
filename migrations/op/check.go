package op

import (
	"errors"
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// checkTable checks that the names of a table are unique, and that the columns and tables it refers to exist. The index
// names in known are known to be in no other table.
func checkTable(s schema.Schema, t schema.Table, known []string) error {
	return errors.Join(
		checkColumns(t),
		checkNames(s, t, known),
		checkKeys(t),
		checkForeignKeys(s, t),
	)
}

func checkColumns(t schema.Table) error {
	if t.Name == "" {
		return errors.New("the table has no name")
	}
	if len(t.Columns) == 0 {
		return fmt.Errorf("table %s has no columns", t.Name)
	}
	var seen []string
	for _, c := range t.Columns {
		switch {
		case c.Name == "":
			return fmt.Errorf("table %s has a column without a name", t.Name)
		case slices.Contains(seen, c.Name):
			return fmt.Errorf("column %s.%s already exists", t.Name, c.Name)
		case c.Type.Kind == "":
			return fmt.Errorf("column %s.%s has no type", t.Name, c.Name)
		case c.Default.Kind == schema.InvalidDefault:
			return fmt.Errorf("column %s.%s: a default can be nil, a string, a bool, a number or an op.Expr, not a %s",
				t.Name, c.Name, c.Default.Text)
		}
		seen = append(seen, c.Name)
	}
	return nil
}

// checkNames checks the names of constraints and indexes. Constraints share a namespace in their table, and indexes and
// unique constraints share one in the whole schema: an index may have the name of a check or of a foreign key.
func checkNames(s schema.Schema, t schema.Table, known []string) error {
	var seen []string
	for _, name := range constraintNames(t) {
		if err := checkName(t.Name, name, seen); err != nil {
			return err
		}
		seen = append(seen, name)
	}
	seen = schema.Table{Uniques: t.Uniques}.IndexNames()
	if t.PrimaryKey.Name != "" {
		seen = append(seen, t.PrimaryKey.Name)
	}
	for _, i := range t.Indexes {
		if err := checkName(t.Name, i.Name, seen); err != nil {
			return err
		}
		seen = append(seen, i.Name)
	}
	return checkIndexNames(s, t, known)
}

func checkName(table, name string, seen []string) error {
	if name == "" {
		return fmt.Errorf("table %s has an index or constraint without a name", table)
	}
	if slices.Contains(seen, name) {
		return fmt.Errorf("%s already exists on table %s", name, table)
	}
	return nil
}

func constraintNames(t schema.Table) []string {
	var names []string
	if t.PrimaryKey.Name != "" {
		names = append(names, t.PrimaryKey.Name)
	}
	for _, u := range t.Uniques {
		names = append(names, u.Name)
	}
	for _, c := range t.Checks {
		names = append(names, c.Name)
	}
	for _, k := range t.ForeignKeys {
		names = append(names, k.Name)
	}
	return names
}

// checkIndexNames checks that no other table has an index with the name of one of t. s may already contain t.
func checkIndexNames(s schema.Schema, t schema.Table, known []string) error {
	for _, name := range t.IndexNames() {
		if slices.Contains(known, name) {
			continue
		}
		if owner, taken := s.IndexOwner(name, t.Name); taken {
			return fmt.Errorf("%s already exists on table %s", name, owner)
		}
	}
	return nil
}

// checkKeys checks that every column of the primary key, a unique constraint or an index exists.
func checkKeys(t schema.Table) error {
	if err := checkColumnsExist(t, "primary key", t.PrimaryKey.Columns); err != nil {
		return err
	}
	for _, u := range t.Uniques {
		if err := checkColumnList(t, "unique constraint "+u.Name, u.Columns); err != nil {
			return err
		}
	}
	for _, i := range t.Indexes {
		if err := checkIndex(t, i); err != nil {
			return err
		}
	}
	return nil
}

func checkIndex(t schema.Table, i schema.Index) error {
	if len(i.Keys) == 0 {
		return fmt.Errorf("index %s has no columns", i.Name)
	}
	for _, k := range i.Keys {
		if k.Expression != "" {
			continue
		}
		if err := checkColumnsExist(t, "index "+i.Name, []string{k.Column}); err != nil {
			return err
		}
	}
	return nil
}

func checkForeignKeys(s schema.Schema, t schema.Table) error {
	for _, k := range t.ForeignKeys {
		what := "foreign key " + k.Name
		if err := checkColumnList(t, what, k.Columns); err != nil {
			return err
		}
		target, ok := s.Table(k.RefTable)
		if !ok {
			return fmt.Errorf("%s references table %s, which does not exist", what, k.RefTable)
		}
		if len(k.RefColumns) != len(k.Columns) {
			return fmt.Errorf("%s references %d columns with %d", what, len(k.RefColumns), len(k.Columns))
		}
		if err := checkColumnsExist(target, what, k.RefColumns); err != nil {
			return err
		}
	}
	return nil
}

func checkColumnList(t schema.Table, what string, columns []string) error {
	if len(columns) == 0 {
		return fmt.Errorf("%s has no columns", what)
	}
	return checkColumnsExist(t, what, columns)
}

func checkColumnsExist(t schema.Table, what string, columns []string) error {
	for i, c := range columns {
		if _, ok := t.Column(c); !ok {
			return fmt.Errorf("%s uses column %s.%s, which does not exist", what, t.Name, c)
		}
		if slices.Contains(columns[:i], c) {
			return fmt.Errorf("%s lists column %s.%s twice", what, t.Name, c)
		}
	}
	return nil
}
