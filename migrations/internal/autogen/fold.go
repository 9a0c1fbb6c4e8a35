package autogen

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// fold reduces a series of operations. Operations on tables without rows are replaced by the difference between the
// schemas before and after. Operations on tables that may have rows stay unchanged, and so does SQL: to a schema,
// renaming a column is the same as dropping and adding it, but not to the rows.
type fold struct {
	start, now schema.Schema   // since the last operation that stayed, and after the last one taken
	rows       map[string]bool // tables that may have rows
	opaque     bool            // there may be triggers and other objects unknown to the schema
	leaving    bool            // all tables will be dropped, with their rows
	pending    bool            // operations were taken that are not folded yet
	folded     []op.Operation
}

// newFold returns a fold that starts from a schema whose tables may all have rows.
func newFold(before schema.Schema) *fold {
	f := &fold{start: before, now: before, rows: map[string]bool{}, opaque: len(before.Tables()) > 0}
	f.fillWhere(func(string) bool { return true })
	return f
}

// leave records that all tables will be dropped, and that no later operation needs their rows.
func (f *fold) leave() {
	f.leaving = true
	clear(f.rows)
}

// take adds an operation. For Go code, it takes the declared operations.
func (f *fold) take(o op.Operation) error {
	switch o := o.(type) {
	case *op.Run:
		for _, declared := range o.Declared {
			if err := f.take(declared); err != nil {
				return err
			}
		}
		return nil
	case *op.Batches: // of Go code; others have been replaced by SQL
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

// flush folds the operations taken since the last one that stayed.
func (f *fold) flush() error {
	if !f.pending {
		return nil
	}
	f.pending = false
	return f.lead(f.now)
}

// lead adds the operations that lead to a schema.
func (f *fold) lead(to schema.Schema) error {
	plan, err := diff.Diff(f.start, to)
	f.folded = append(f.folded, diff.Operations(plan.Upgrade)...)
	f.start, f.now = to, to
	return err
}

// concernsRows reports whether a table that may have rows differs in the schema, or is gone.
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

// isHidden reports whether the difference from the schema at the start would hide what the operation does to one of its
// tables, because it reuses a name for another column or table, or changes a type: the last type may not be convertible
// from the first.
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

// follow tracks the names of tables with rows.
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

// plain returns the operation in a form that can run in a transaction.
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

// fill records which tables may have rows after the SQL.
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

// fillBy records which tables may have rows after a statement in upper case. It knows statements that change only rows,
// or no tables. Any other may create a trigger, or change a table without an operation.
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

// fillWhere records that the matching tables may have rows, and reports whether there are any.
func (f *fold) fillWhere(is func(table string) bool) (some bool) {
	for _, t := range f.now.Tables() {
		if is(t.Name) {
			f.rows[t.Name], some = true, true
		}
	}
	return some
}
