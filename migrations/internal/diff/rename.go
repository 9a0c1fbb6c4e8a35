package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Kind is the kind of a renamed object.
type Kind int

// The kinds of renames. A constraint is a unique constraint, a check or a foreign key.
const (
	Table Kind = iota
	Column
	Index
	Constraint
)

// Rename is an object that has one name in the schema before and another in the schema after.
type Rename struct {
	Kind Kind
	// Table is the table of the column, index or constraint, by its old name; it is empty for a table.
	Table    string
	From, To string
}

// String returns the rename as ParseRename reads it: users.name=users.full_name.
func (r Rename) String() string {
	if r.Kind == Table {
		return r.From + "=" + r.To
	}
	return r.Table + "." + r.From + "=" + r.Table + "." + r.To
}

// Question returns the question that asks a user to confirm the rename.
func (r Rename) Question() string {
	switch r.Kind {
	case Table:
		return fmt.Sprintf("Did you rename table %s to %s?", r.From, r.To)
	case Index:
		return fmt.Sprintf("Did you rename index %s to %s?", r.From, r.To)
	case Constraint:
		return fmt.Sprintf("Did you rename constraint %s to %s?", r.From, r.To)
	default:
		return fmt.Sprintf("Did you rename %s.%s to %s.%s?", r.Table, r.From, r.Table, r.To)
	}
}

// Overlaps reports whether the two exclude each other, because they share the old or the new name.
func (r Rename) Overlaps(other Rename) bool {
	return r.Kind == other.Kind && r.Table == other.Table && (r.From == other.From || r.To == other.To)
}

// renaming applies renames to a schema.
type renaming struct {
	from, to   schema.Schema
	schema     schema.Schema
	operations []op.Operation
}

// rename applies the renames, and renames the indexes, constraints and foreign keys that are named after a renamed
// table or column.
func rename(from, to schema.Schema, renames []Rename) (*renaming, error) {
	r := &renaming{from: from, to: to, schema: from}
	for i, one := range renames {
		for _, other := range renames[:i] {
			if one.Overlaps(other) {
				return nil, fmt.Errorf("%s and %s contradict each other", other, one)
			}
		}
	}
	for _, step := range []func([]Rename) error{r.tables, r.columns} {
		if err := step(renames); err != nil {
			return nil, err
		}
	}
	r.follow(renames)
	return r, r.labels(renames)
}

// do applies an operation.
func (r *renaming) do(o op.Operation) error {
	after, err := o.Apply(r.schema)
	if err != nil {
		return fmt.Errorf("%s: %w", o, err)
	}
	r.schema = after
	r.operations = append(r.operations, o)
	return nil
}

func (r *renaming) tables(renames []Rename) error {
	var pairs []pair
	for _, one := range renames {
		if one.Kind != Table {
			continue
		}
		if err := one.check(has(r.from, tableIn), has(r.to, tableIn)); err != nil {
			return err
		}
		pairs = append(pairs, pair{one.From, one.To})
	}
	return inTurn(pairs, func(from, to string) error { return r.do(&op.RenameTable{From: from, To: to}) })
}

func tableIn(s schema.Schema, name string) bool {
	_, ok := s.Table(name)
	return ok
}

func has(s schema.Schema, in func(s schema.Schema, name string) bool) func(string) bool {
	return func(name string) bool { return in(s, name) }
}

// check returns an error if the old name does not exist before, or the new one after.
func (r Rename) check(before, after func(name string) bool) error {
	switch {
	case r.From == r.To:
		return fmt.Errorf("cannot rename %s: the name stays the same", r)
	case !before(r.From):
		return fmt.Errorf("cannot rename %s: the history has no %s", r, r.From)
	case !after(r.To):
		return fmt.Errorf("cannot rename %s: the models have no %s", r, r.To)
	default:
		return nil
	}
}

func (r *renaming) columns(renames []Rename) error {
	for _, table := range tablesOf(renames, Column) {
		now := renamedTable(table, renames)
		was, _ := r.from.Table(table)
		is, _ := r.to.Table(now)
		var pairs []pair
		for _, one := range renames {
			if one.Kind != Column || one.Table != table {
				continue
			}
			if err := one.check(columnOf(was), columnOf(is)); err != nil {
				return err
			}
			pairs = append(pairs, pair{one.From, one.To})
		}
		err := inTurn(pairs, func(from, to string) error { return r.do(&op.RenameColumn{Table: now, From: from, To: to}) })
		if err != nil {
			return err
		}
	}
	return nil
}

func columnOf(t schema.Table) func(name string) bool {
	return func(name string) bool {
		_, ok := t.Column(name)
		return ok
	}
}

// tablesOf returns the tables that have a rename of the kind, sorted.
func tablesOf(renames []Rename, kind Kind) []string {
	var tables []string
	for _, r := range renames {
		if r.Kind == kind {
			tables = append(tables, r.Table)
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}

// renamedTable returns the name of a table after the renames.
func renamedTable(table string, renames []Rename) string {
	for _, r := range renames {
		if r.Kind == Table && r.From == table {
			return r.To
		}
	}
	return table
}

// pair is an old and a new name.
type pair struct{ from, to string }

// inTurn renames in an order in which every new name is free; swapped names take a detour.
func inTurn(pairs []pair, rename func(from, to string) error) error {
	pairs = slices.Clone(pairs)
	slices.SortFunc(pairs, func(a, b pair) int { return compareText(a.from, b.from) })
	for len(pairs) > 0 {
		next := slices.IndexFunc(pairs, func(p pair) bool {
			return !slices.ContainsFunc(pairs, func(other pair) bool {
				return other != p && strings.EqualFold(other.from, p.to) // SQLite ignores case
			})
		})
		if next < 0 {
			detour := pairs[0].from + "_before"
			if err := rename(pairs[0].from, detour); err != nil {
				return err
			}
			pairs[0].from = detour
			continue
		}
		if err := rename(pairs[next].from, pairs[next].to); err != nil {
			return err
		}
		pairs = slices.Delete(pairs, next, next+1)
	}
	return nil
}
