package op

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// editTable returns the schema with a table changed by edit, after checking the result.
func editTable(before schema.Schema, table string, edit func(t *schema.Table) error) (schema.Schema, error) {
	t, err := tableOf(before, table)
	if err != nil {
		return before, err
	}
	known := t.IndexNames()
	t = t.Clone()
	if err := edit(&t); err != nil {
		return before, err
	}
	after := before.With(t)
	if err := checkTable(after, t, known); err != nil {
		return before, err
	}
	return after, nil
}

func tableOf(s schema.Schema, name string) (schema.Table, error) {
	if t, ok := s.Table(name); ok {
		return t, nil
	}
	return schema.Table{}, fmt.Errorf("table %s does not exist", name)
}

func columnOf(s schema.Schema, table, column string) (schema.Column, error) {
	t, err := tableOf(s, table)
	if err != nil {
		return schema.Column{}, err
	}
	return columnIn(t, column)
}

func columnIn(t schema.Table, name string) (schema.Column, error) {
	if c, ok := t.Column(name); ok {
		return c, nil
	}
	return schema.Column{}, fmt.Errorf("column %s.%s does not exist", t.Name, name)
}

// remove removes the element that matches from the list. missing is the subject of the error if there is none.
func remove[E any](list []E, missing string, matches func(E) bool) ([]E, error) {
	i := slices.IndexFunc(list, matches)
	if i < 0 {
		return list, fmt.Errorf("%s does not exist", missing)
	}
	return slices.Delete(list, i, i+1), nil
}
