package lint

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Rolling is whether a program that was written for the schema before a change can run on the one after it, as it does
// while a new version is rolled out.
type Rolling struct {
	Breaks []string // why it cannot
	Unless []string // what it must not do, which only its author knows
}

// CanRun reports whether nothing is known to break the program.
func (r Rolling) CanRun() bool { return len(r.Breaks) == 0 }

// And adds what a later change does.
func (r *Rolling) And(other Rolling) {
	r.Breaks, r.Unless = append(r.Breaks, other.Breaks...), append(r.Unless, other.Unless...)
}

// RollingOver returns what the operations of a revision mean for the old program.
func RollingOver(before schema.Schema, operations []op.Operation) (Rolling, error) {
	var r Rolling
	fresh := map[string]bool{}
	for _, o := range operations {
		for _, declared := range append(declaredBy(o), o) {
			r.follow(declared, before, fresh)
		}
		after, err := o.Apply(before)
		if err != nil {
			return r, err
		}
		before = after
	}
	return r, nil
}

// declaredBy returns what SQL or Go code says it does to the schema.
func declaredBy(o op.Operation) []op.Operation {
	switch o := o.(type) {
	case *op.SQL:
		return o.Declared
	case *op.Run:
		return o.Declared
	default:
		return nil
	}
}

func (r *Rolling) breaksf(format string, arguments ...any) {
	r.Breaks = append(r.Breaks, fmt.Sprintf(format, arguments...))
}

func (r *Rolling) unlessf(format string, arguments ...any) {
	r.Unless = append(r.Unless, fmt.Sprintf(format, arguments...))
}

// follow looks at an operation. Fresh are the tables that the program does not know yet.
func (r *Rolling) follow(o op.Operation, before schema.Schema, fresh map[string]bool) {
	if table := tableOf(o); fresh[table] {
		if rename, ok := o.(*op.RenameTable); ok {
			fresh[rename.To] = true
		}
		return
	}
	switch o := o.(type) {
	case *op.CreateTable:
		fresh[o.Table.Name] = true
	case *op.DropTable:
		r.breaksf("it uses table %s, which is dropped", o.Table)
	case *op.RenameTable:
		r.breaksf("it uses table %s, which is renamed to %s", o.From, o.To)
	case *op.DropColumn:
		r.breaksf("it uses column %s.%s, which is dropped", o.Table, o.Column)
	case *op.RenameColumn:
		r.breaksf("it uses column %s.%s, which is renamed to %s", o.Table, o.From, o.To)
	case *op.AddColumn:
		r.addColumn(o)
	case *op.AlterColumn:
		r.alterColumn(o, before)
	default:
		r.rule(o, before)
	}
}

// rule looks at an operation that can refuse rows from then on.
func (r *Rolling) rule(o op.Operation, before schema.Schema) {
	switch o := o.(type) {
	case *op.CreateIndex:
		if o.Index.Unique {
			r.unlessf("it writes rows of %s that the unique index %s refuses", o.Table, o.Index.Name)
		}
	case *op.AddUnique:
		t, _ := before.Table(o.Table)
		if _, was := t.Index(o.Index); !was {
			r.unlessf("it writes rows of %s that have the same %s", o.Table, strings.Join(o.Unique.Columns, ", "))
		}
	case *op.AddCheck:
		r.unlessf("it writes rows of %s that do not meet %s", o.Table, o.Check.Expression)
	case *op.AddForeignKey:
		r.unlessf("it writes rows of %s that point at no row of %s, or deletes such rows there", o.Table, o.Key.RefTable)
	default: // names of indexes and constraints, comments, and what only loosens
	}
}

// tableOf returns the table that an operation is about.
func tableOf(o op.Operation) string {
	switch o := o.(type) {
	case *op.DropTable:
		return o.Table
	case *op.RenameTable:
		return o.From
	case *op.DropColumn:
		return o.Table
	case *op.RenameColumn:
		return o.Table
	case *op.AddColumn:
		return o.Table
	case *op.AlterColumn:
		return o.Table
	case *op.CreateIndex:
		return o.Table
	case *op.AddUnique:
		return o.Table
	case *op.AddCheck:
		return o.Table
	case *op.AddForeignKey:
		return o.Table
	default:
		return ""
	}
}

// addColumn knows that the program's INSERT does not name the column.
func (r *Rolling) addColumn(o *op.AddColumn) {
	c := schema.Column.Apart(o.Column)
	_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
	filled := c.Default.Kind != schema.NoDefault && c.Default.Kind != schema.NullDefault
	if c.NotNull && !filled && !serial && !c.AutoIncrement && c.Generated == "" {
		r.breaksf("it inserts into %s without %s, which is NOT NULL and has no default", o.Table, c.Name)
	}
}

func (r *Rolling) alterColumn(o *op.AlterColumn, before schema.Schema) {
	t, _ := before.Table(o.Table)
	was, _ := t.Column(o.Column)
	name := o.Table + "." + o.Column
	if o.Change.Type != nil && !sameValues(was.Type, *o.Change.Type) {
		r.breaksf("it reads and writes %s as %s, which becomes %s", name, was.Type, *o.Change.Type)
	}
	if o.Change.NotNull != nil && *o.Change.NotNull && !slices.Contains(t.PrimaryKey.Columns, o.Column) {
		r.unlessf("it writes NULL into %s", name)
	}
	if d := o.Change.Default; d != nil && d.Kind == schema.NoDefault && was.NotNull {
		r.unlessf("it leaves %s to its default", name)
	}
	if o.Change.Generated != nil && *o.Change.Generated != "" {
		r.breaksf("it writes %s, which becomes a generated column", name)
	}
}

// sameValues reports whether the values of one type are written and read as those of the other: nothing is lost, and
// what was a number or a text is still one.
func sameValues(was, is schema.Type) bool {
	return convert.Class(was) == convert.Class(is) &&
		convert.On(schema.Postgres, convert.Column{Name: "c", SQL: "c"}, was, is).IsSafe()
}
