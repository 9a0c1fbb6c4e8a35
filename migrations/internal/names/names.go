// Package names follows tables and columns through renames.
package names

import "guestlist/migrations/op"

// Tracker follows the operations of a plan, and maps the names that tables and columns have at that point of the plan
// to those that they have before it. Use New.
type Tracker struct {
	tables  map[string]string
	columns map[string]map[string]string // by current table and current column
}

// New returns a Tracker at the beginning of a plan.
func New() *Tracker { return &Tracker{map[string]string{}, map[string]map[string]string{}} }

// Table returns the name that a table has before the plan, or an empty string if the plan creates it.
func (t *Tracker) Table(now string) string {
	if was, ok := t.tables[now]; ok {
		return was
	}
	return now
}

// Column returns the name that a column has before the plan, or an empty string if the plan adds it. The table is named
// as it is now.
func (t *Tracker) Column(table, now string) string {
	if was, ok := t.columns[table][now]; ok {
		return was
	}
	return now
}

// Renamed reports whether the table or one of its columns has another name before the plan. The plan has not created
// it.
func (t *Tracker) Renamed(table string) bool {
	was := t.Table(table)
	renamed := was != table
	for now, former := range t.columns[table] {
		renamed = renamed || former != "" && former != now
	}
	return was != "" && renamed
}

// Follow follows the next operation.
func (t *Tracker) Follow(o op.Operation) {
	switch o := o.(type) {
	case *op.CreateTable:
		t.tables[o.Table.Name] = ""
		delete(t.columns, o.Table.Name)
	case *op.RenameTable:
		t.tables[o.To], t.tables[o.From] = t.Table(o.From), ""
		t.columns[o.To] = t.columns[o.From]
		delete(t.columns, o.From)
	case *op.AddColumn:
		t.name(o.Table, o.Column.Name, "")
	case *op.RenameColumn:
		t.name(o.Table, o.To, t.Column(o.Table, o.From))
		t.name(o.Table, o.From, "")
	}
}

func (t *Tracker) name(table, now, was string) {
	if t.columns[table] == nil {
		t.columns[table] = map[string]string{}
	}
	t.columns[table][now] = was
}
