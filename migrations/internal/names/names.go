// Package names follows tables and columns through renames.
package names

import "guestlist/migrations/op"

// Tracker follows the operations of a plan, and maps the names that tables and columns have at that point of the plan
// to those that they have before it. Use New.
type Tracker struct {
	tables  map[string]string
	columns map[[2]string]string // by current table and column
}

// New returns a Tracker at the beginning of a plan.
func New() *Tracker { return &Tracker{tables: map[string]string{}, columns: map[[2]string]string{}} }

// Table returns the name that a table has before the plan, or an empty string if the plan creates it.
func (t *Tracker) Table(now string) string {
	if was, ok := t.tables[now]; ok {
		return was
	}
	return now
}

// Column returns the name that a column has before the plan, or an empty string if the plan adds it. The table has its
// name of now.
func (t *Tracker) Column(table, now string) string {
	if was, ok := t.columns[[2]string{table, now}]; ok {
		return was
	}
	return now
}

// Follow follows the next operation.
func (t *Tracker) Follow(o op.Operation) {
	switch o := o.(type) {
	case *op.CreateTable:
		t.tables[o.Table.Name] = ""
	case *op.AddColumn:
		t.columns[[2]string{o.Table, o.Column.Name}] = ""
	case *op.RenameTable:
		t.renameTable(o.From, o.To)
	case *op.RenameColumn:
		t.columns[[2]string{o.Table, o.To}] = t.Column(o.Table, o.From)
		t.columns[[2]string{o.Table, o.From}] = ""
	}
}

func (t *Tracker) renameTable(from, to string) {
	t.tables[to], t.tables[from] = t.Table(from), ""
	for at, was := range t.columns {
		if at[0] == from {
			t.columns[[2]string{to, at[1]}] = was
			delete(t.columns, at)
		}
	}
}
