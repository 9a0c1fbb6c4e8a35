package picture

import (
	"fmt"

	"guestlist/migrations/op"
)

// Names follows tables and columns through the renames of a history. It maps their current names to their origins. The
// zero value has no tables.
type Names struct {
	tables map[string]*named
	count  int // of origins in the revision
}

// named is the origin of a table, and those of its columns.
type named struct {
	origin  string
	columns map[string]string // origins by name
}

// Follow applies the operations of a revision.
func (n *Names) Follow(revision string, operations []op.Operation) {
	n.count = 0
	n.follow(revision, operations)
}

func (n *Names) follow(revision string, operations []op.Operation) {
	for _, o := range operations {
		switch o := o.(type) {
		case *op.CreateTable:
			t := n.table(o.Table.Name, n.origin(revision))
			for _, c := range o.Table.Columns {
				t.columns[c.Name] = n.origin(revision)
			}
		case *op.DropTable:
			delete(n.tables, o.Table)
		case *op.RenameTable:
			if t, known := n.tables[o.From]; known {
				delete(n.tables, o.From)
				n.tables[o.To] = t
			}
		case *op.AddColumn:
			n.columns(o.Table)[o.Column.Name] = n.origin(revision)
		case *op.DropColumn:
			delete(n.columns(o.Table), o.Column)
		case *op.RenameColumn:
			columns := n.columns(o.Table)
			columns[o.To] = columns[o.From]
			delete(columns, o.From)
		case *op.SQL:
			n.follow(revision, o.Declared)
		case *op.Run:
			n.follow(revision, o.Declared)
		}
	}
}

// columns returns the columns of a table, or a throwaway map for an unknown one.
func (n *Names) columns(table string) map[string]string {
	if t, known := n.tables[table]; known {
		return t.columns
	}
	return map[string]string{}
}

// origin returns a new origin. Origins depend on the revision alone, not on its history.
func (n *Names) origin(revision string) string {
	n.count++
	return fmt.Sprintf("%s/%d", revision, n.count)
}

func (n *Names) table(name, origin string) *named {
	if n.tables == nil {
		n.tables = map[string]*named{}
	}
	t := &named{origin: origin, columns: map[string]string{}}
	n.tables[name] = t
	return t
}

// former returns the old names of the tables that are in both histories, by their new names.
func (n *Names) former(before *Names) map[string]string {
	byOrigin := map[string]string{}
	for name, t := range before.tables {
		byOrigin[t.origin] = name
	}
	pairs := map[string]string{}
	for name, t := range n.tables {
		if was, known := byOrigin[t.origin]; known {
			pairs[name] = was
		}
	}
	return pairs
}

// formerColumns returns the old names of the columns of a table, by their new names. was is the old name of the table.
func (n *Names) formerColumns(table string, before *Names, was string) map[string]string {
	pairs := map[string]string{}
	now, known := n.tables[table]
	old, knew := before.tables[was]
	if !known || !knew {
		return pairs
	}
	byOrigin := map[string]string{}
	for name, origin := range old.columns {
		byOrigin[origin] = name
	}
	for name, origin := range now.columns {
		if was, known := byOrigin[origin]; known {
			pairs[name] = was
		}
	}
	return pairs
}
