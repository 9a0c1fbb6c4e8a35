package autogen

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// fold makes few operations of many. What happens to tables without rows becomes the difference between the schemas
// before and after. What happens to tables that may have rows stays as it is and where it is, and so does SQL: a column
// that is renamed and one that is dropped and added are the same to a schema, and not to its rows.
type fold struct {
	start, now schema.Schema   // since the last operation that stayed, and after the last one taken
	rows       map[string]bool // tables that may have rows
	opaque     bool            // there may be triggers, and what else no schema has
	leaving    bool            // all tables are on their way out, with their rows
	pending    bool            // something was taken that is not folded yet
	folded     []op.Operation
}

// newFold begins with a schema, all of whose tables may have rows.
func newFold(before schema.Schema) *fold {
	f := &fold{start: before, now: before, rows: map[string]bool{}, opaque: len(before.Tables()) > 0}
	f.fillWhere(func(string) bool { return true })
	return f
}

// leave has all tables go in the end, whatever is in them: nothing is to come that may need them.
func (f *fold) leave() {
	f.leaving = true
	clear(f.rows)
}

// take adds an operation. Of Go code, it takes what that declares.
func (f *fold) take(o op.Operation) error {
	switch o := o.(type) {
	case *op.Run:
		for _, declared := range o.Declared {
			if err := f.take(declared); err != nil {
				return err
			}
		}
		return nil
	case *op.Batches: // of Go code, as others are SQL by now
		return nil
	}
	after, err := o.Apply(f.now)
	if err != nil {
		return err
	}
	sql, isSQL := o.(*op.SQL)
	if !isSQL && (f.leaving || !f.concernsRows(after) && !f.isHidden(o)) {
		f.now, f.pending = after, true
		return nil
	}
	if err := f.flush(); err != nil {
		return err
	}
	f.folded = append(f.folded, plain(o))
	f.start, f.now = after, after
	f.follow(o)
	if isSQL {
		f.fill(sql)
	}
	return nil
}

// flush folds what was taken since the last operation that stayed.
func (f *fold) flush() error {
	if !f.pending {
		return nil
	}
	f.pending = false
	return f.lead(f.now)
}

// lead adds what leads to a schema.
func (f *fold) lead(to schema.Schema) error {
	plan, err := diff.Diff(f.start, to)
	f.folded = append(f.folded, diff.Operations(plan.Upgrade)...)
	f.start, f.now = to, to
	return err
}

// concernsRows reports whether a table that may have rows is another one in the schema, or is gone.
func (f *fold) concernsRows(after schema.Schema) bool {
	for name, has := range f.rows {
		if !has {
			continue
		}
		was, _ := f.now.Table(name)
		is, stays := after.Table(name)
		if !stays || !diff.SameTable(was, is) {
			return true
		}
	}
	return false
}

// isHidden reports whether the difference to the schema at the start would not show what the operation does to a table
// from there: it gives a name to another column or table than had it then, or a column another type, which may be as
// far from the first as no database converts.
func (f *fold) isHidden(o op.Operation) bool {
	switch o := o.(type) {
	case *op.CreateTable:
		return f.hadTable(o.Table.Name)
	case *op.RenameTable:
		return f.hadTable(o.To)
	case *op.AddColumn:
		return f.hadColumn(o.Table, o.Column.Name)
	case *op.RenameColumn:
		return f.hadColumn(o.Table, o.To)
	case *op.AlterColumn:
		return o.Change.Type != nil && f.hadColumn(o.Table, o.Column)
	}
	return false
}

func (f *fold) hadTable(name string) bool {
	_, had := f.start.Table(name)
	return had
}

func (f *fold) hadColumn(table, name string) bool {
	t, _ := f.start.Table(table)
	_, had := t.Column(name)
	return had
}

// follow keeps track of the names of tables with rows.
func (f *fold) follow(o op.Operation) {
	if r, ok := o.(*op.RenameTable); ok {
		f.rows[r.To] = f.rows[r.From]
	}
	for name := range f.rows {
		if _, stays := f.now.Table(name); !stays {
			delete(f.rows, name)
		}
	}
}

// plain returns the operation as it can be in a transaction.
func plain(o op.Operation) op.Operation {
	switch o := o.(type) {
	case *op.CreateIndex:
		one := *o
		one.Concurrent = false
		return &one
	case *op.DropIndex:
		one := *o
		one.Concurrent = false
		return &one
	}
	return o
}

// fill notes which tables may have rows after the SQL.
func (f *fold) fill(o *op.SQL) {
	f.opaque = f.opaque || len(o.Declared) > 0
	for _, d := range schema.Dialects() {
		statements, err := ddl.Statements(d, o, f.start)
		f.opaque = f.opaque || err != nil
		for _, s := range statements {
			f.fillBy(strings.ToUpper(s.SQL))
		}
	}
	if f.opaque {
		f.fillWhere(func(string) bool { return true })
	}
}

// fillBy knows the statements that do nothing but to rows, or nothing to tables. Any other may make a trigger, or
// change a table as no operation says.
func (f *fold) fillBy(statement string) {
	words := strings.Fields(statement)
	switch {
	case len(words) == 0, slices.Contains([]string{"UPDATE", "DELETE"}, words[0]):
	case words[0] == "CREATE" && len(words) > 1 && slices.Contains([]string{"EXTENSION", "SCHEMA", "TYPE"}, words[1]):
	case words[0] == "INSERT":
		named := f.fillWhere(func(table string) bool {
			return strings.Contains(statement, strings.ToUpper(table[strings.LastIndex(table, ".")+1:]))
		})
		f.opaque = f.opaque || !named
	default:
		f.opaque = true
	}
}

// fillWhere notes tables as those that may have rows, and reports whether there is one.
func (f *fold) fillWhere(is func(table string) bool) (some bool) {
	for _, t := range f.now.Tables() {
		if is(t.Name) {
			f.rows[t.Name], some = true, true
		}
	}
	return some
}
