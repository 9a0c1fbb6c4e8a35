package autogen

import (
	"maps"
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
	rows       map[string]bool // tables that may have rows; true for those that are there before and after
	opaque     bool            // there may be triggers, and what else no schema has
	created    bool            // what rows holds for tables created meanwhile
	pending    bool            // something was taken that is not folded yet
	folded     []op.Operation
}

// newFold begins with a schema, all of whose tables may have rows.
func newFold(before schema.Schema) *fold {
	f := &fold{start: before, now: before, rows: map[string]bool{}, opaque: len(before.Tables()) > 0}
	for _, t := range before.Tables() {
		f.rows[t.Name] = true
	}
	return f
}

// back begins where the fold has ended, for the way back to where it began. All tables may have rows by then.
func (f *fold) back() *fold {
	b := &fold{start: f.now, now: f.now, rows: map[string]bool{}, opaque: true, created: true}
	for _, t := range f.now.Tables() {
		b.rows[t.Name] = f.rows[t.Name]
	}
	return b
}

// release lets tables that will not be there in the end lose their rows: no SQL is to come that may need them.
func (f *fold) release() {
	maps.DeleteFunc(f.rows, func(_ string, stays bool) bool { return !stays })
}

// take adds an operation. Of Go code, it takes what that declares.
func (f *fold) take(o op.Operation) error {
	if run, isCode := o.(*op.Run); isCode {
		for _, declared := range run.Declared {
			if err := f.take(declared); err != nil {
				return err
			}
		}
		return nil
	}
	after, err := o.Apply(f.now)
	if err != nil {
		return err
	}
	sql, isSQL := o.(*op.SQL)
	if !isSQL && !f.concernsRows(after) {
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
	for name := range f.rows {
		was, _ := f.now.Table(name)
		is, stays := after.Table(name)
		if !stays || !diff.SameTable(was, is) {
			return true
		}
	}
	return false
}

// follow keeps track of the names of tables with rows.
func (f *fold) follow(o op.Operation) {
	if r, ok := o.(*op.RenameTable); ok {
		if old, has := f.rows[r.From]; has {
			f.rows[r.To] = old
		}
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

// fillBy knows the statements that do nothing but to rows, or nothing to tables. Any other may make a trigger, or change
// a table as no operation says.
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
		if !is(t.Name) {
			continue
		}
		some = true
		if _, has := f.rows[t.Name]; !has {
			f.rows[t.Name] = f.created
		}
	}
	return some
}
