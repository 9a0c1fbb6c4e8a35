package lint

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Rolling says whether a program written for the schema before a change can run on the schema after it, as it does
// during a rolling upgrade.
type Rolling struct {
	Breaks []Reason // why it cannot
	Unless []Reason // what it must not do; only its author knows whether it does

	fresh map[string]bool // new tables, and columns as table.column, that the program does not know
}

// CanRun reports whether nothing is known to break the program.
func (r *Rolling) CanRun() bool { return len(r.Breaks) == 0 }

// Add adds the effects of a revision on the old program. If the revision is declared safe, changes that break the
// program count as Unless.
func (r *Rolling) Add(before schema.Schema, revision Revision) error {
	if r.fresh == nil {
		r.fresh = map[string]bool{}
	}
	breaks := len(r.Breaks)
	for _, o := range revision.Operations {
		now := before
		for _, declared := range op.DeclaredBy(o) {
			r.follow(declared, now)
			next, err := declared.Apply(now)
			if err != nil {
				return err
			}
			now = next
		}
		r.follow(o, before)
		after, err := o.Apply(before)
		if err != nil {
			return err
		}
		before = after
	}
	if revision.Safe != "" {
		for _, b := range r.Breaks[breaks:] {
			r.Unless = append(r.Unless, Reason{Kind: b.Kind, Text: fmt.Sprintf("%s (its revision says: %s)", b, revision.Safe)})
		}
		r.Breaks = r.Breaks[:breaks]
	}
	return nil
}

func (r *Rolling) breaksf(kind Kind, format string, arguments ...any) {
	r.Breaks = append(r.Breaks, Reason{kind, fmt.Sprintf(format, arguments...), instead[kind]})
}

func (r *Rolling) unlessf(kind Kind, format string, arguments ...any) {
	r.Unless = append(r.Unless, Reason{kind, fmt.Sprintf(format, arguments...), instead[kind]})
}

// follow adds the effects of an operation.
func (r *Rolling) follow(o op.Operation, before schema.Schema) {
	if table := tableOf(o); r.fresh[table] {
		switch o := o.(type) {
		case *op.RenameTable:
			r.fresh[o.To] = true
		case *op.AddForeignKey:
			r.referenceFromNew(o.Table, o.Key)
		default: // only the new program uses it
		}
		return
	}
	switch o := o.(type) {
	case *op.CreateTable:
		r.fresh[o.Table.Name] = true
		for _, k := range o.Table.ForeignKeys {
			r.referenceFromNew(o.Table.Name, k)
		}
	case *op.DropTable:
		r.breaksf(DropsTable, "it uses table %s, which is dropped", o.Table)
	case *op.RenameTable:
		r.breaksf(RenamesTable, "it uses table %s, which is renamed to %s", o.From, o.To)
	case *op.DropColumn:
		if !r.fresh[o.Table+"."+o.Column] {
			r.breaksf(DropsColumn, "it uses column %s.%s, which is dropped", o.Table, o.Column)
		}
	case *op.RenameColumn:
		if r.fresh[o.Table+"."+o.From] {
			r.fresh[o.Table+"."+o.To] = true
		} else {
			r.breaksf(RenamesColumn, "it uses column %s.%s, which is renamed to %s", o.Table, o.From, o.To)
		}
	case *op.AddColumn:
		r.fresh[o.Table+"."+o.Column.Name] = true
		r.addColumn(o)
	case *op.AlterColumn:
		r.alterColumn(o, before)
	case *op.SQL, *op.Run:
		r.code(o, before)
	default:
		r.constraint(o, before)
	}
}

// referenceFromNew adds a foreign key of a table that only the new program fills.
func (r *Rolling) referenceFromNew(table string, k schema.ForeignKey) {
	if on := strings.ToUpper(k.OnDelete); !r.fresh[k.RefTable] && on != "CASCADE" && on != "SET NULL" {
		r.unlessf(AddsForeignKey, "it deletes rows of %s that rows of %s reference", k.RefTable, table)
	}
}

// constraint adds the effects of an operation that may make the database refuse rows, or remove a target of ON
// CONFLICT.
func (r *Rolling) constraint(o op.Operation, before schema.Schema) {
	switch o := o.(type) {
	case *op.CreateIndex:
		if o.Index.Unique {
			r.uniquef(o.Table, o.Index.Columns(), before, "it writes rows of %s that the unique index %s refuses", o.Table,
				o.Index.Name)
		}
	case *op.AddUnique:
		t, _ := before.Table(o.Table)
		if _, was := t.Index(o.Index); !was {
			r.uniquef(o.Table, o.Unique.Columns, before, "it writes rows of %s that have the same %s", o.Table,
				strings.Join(o.Unique.Columns, ", "))
		}
	case *op.AddCheck:
		r.addCheck(o, before)
	case *op.AddForeignKey:
		r.unlessf(AddsForeignKey, "it writes rows of %s that reference no row of %s, or deletes rows there that are "+
			"referenced", o.Table, o.Key.RefTable)
	case *op.DropUnique:
		r.unlessf(DropsKey, "it inserts into %s with ON CONFLICT on %s, which is dropped", o.Table, o.Name)
	case *op.DropPrimaryKey:
		r.unlessf(DropsKey, "it inserts into %s with ON CONFLICT on the primary key, which is dropped", o.Table)
	case *op.DropIndex:
		t, _ := before.Table(o.Table)
		if i, _ := t.Index(o.Index); i.Unique {
			r.unlessf(DropsKey, "it inserts into %s with ON CONFLICT on %s, which is dropped", o.Table, o.Index)
		}
	case *op.RenameConstraint:
		r.unlessf(RenamesConstraint, "it names the constraint %s, which is renamed to %s", o.From, o.To)
	default: // index names, comments, and changes that only relax a constraint
	}
}

// uniquef adds a new unique constraint. It breaks the program if all its columns are new and have a default, because
// the program then writes equal rows.
func (r *Rolling) uniquef(table string, columns []string, before schema.Schema, format string, arguments ...any) {
	t, _ := before.Table(table)
	sameDefaults := len(columns) > 0 && !slices.ContainsFunc(columns, func(name string) bool {
		c, _ := t.Column(name)
		return !r.fresh[table+"."+name] || c.Default.Kind == schema.NoDefault || c.Default.Kind == schema.NullDefault
	})
	if sameDefaults {
		r.breaksf(AddsUnique, format, arguments...)
		return
	}
	r.unlessf(AddsUnique, format, arguments...)
}

// addCheck adds a new check. It breaks the program if it forbids NULL in a new column without a default.
func (r *Rolling) addCheck(o *op.AddCheck, before schema.Schema) {
	t, _ := before.Table(o.Table)
	for _, c := range t.Columns {
		if r.fresh[o.Table+"."+c.Name] && !isFilled(c) && o.Check.SaysNotNull(c.Name) {
			r.breaksf(AddsMandatory, "it inserts into %s without %s, which must not be NULL and has no default", o.Table, c.Name)
			return
		}
	}
	r.unlessf(AddsCheck, "it writes rows of %s that do not meet %s", o.Table, o.Check.Expression)
}

// tableOf returns the table of an operation, or "" for operations that follow does not skip on new tables.
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

// addColumn adds a new column, which the program's INSERT does not name.
func (r *Rolling) addColumn(o *op.AddColumn) {
	if c := schema.Column.SplitClauses(o.Column); c.NotNull && !isFilled(c) {
		r.breaksf(AddsMandatory, "it inserts into %s without %s, which is NOT NULL and has no default", o.Table, c.Name)
	}
}

// isFilled reports whether the database fills the column in rows that are written without it.
func isFilled(c schema.Column) bool {
	_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
	filled := c.Default.Kind != schema.NoDefault && c.Default.Kind != schema.NullDefault
	return filled || serial || c.AutoIncrement || c.Generated != ""
}

func (r *Rolling) alterColumn(o *op.AlterColumn, before schema.Schema) {
	t, _ := before.Table(o.Table)
	was, _ := t.Column(o.Column)
	if r.fresh[o.Table+"."+o.Column] {
		after, err := o.Apply(before)
		t, _ = after.Table(o.Table)
		if is, _ := t.Column(o.Column); err == nil && is.NotNull && !isFilled(is) {
			r.breaksf(AddsMandatory, "it inserts into %s without %s, which is NOT NULL and has no default", o.Table, o.Column)
		}
		return
	}
	name := o.Table + "." + o.Column
	if o.Change.Type != nil {
		r.retype(name, was.Type, *o.Change.Type)
	}
	if o.Change.NotNull != nil && *o.Change.NotNull && !slices.Contains(t.PrimaryKey.Columns, o.Column) {
		r.unlessf(SetsNotNull, "it writes NULL into %s", name)
	}
	if d := o.Change.Default; d != nil && d.Kind == schema.NoDefault && was.NotNull && o.Change.AutoIncrement == nil &&
		o.Change.Generated == nil {
		r.unlessf(DropsDefault, "it relies on the default of %s", name)
	}
	r.generated(name, was, o.Change)
}

// generated adds a change of how the database fills a column.
func (r *Rolling) generated(name string, was schema.Column, change op.ColumnChange) {
	wasGenerated := was.AutoIncrement || was.Generated != ""
	isGenerated := change.AutoIncrement != nil && *change.AutoIncrement ||
		change.Generated != nil && *change.Generated != ""
	stops := change.AutoIncrement != nil && !*change.AutoIncrement || change.Generated != nil && *change.Generated == ""
	switch {
	case change.Generated != nil && *change.Generated != "":
		r.breaksf(Computes, "it writes %s, which becomes a generated column", name)
	case wasGenerated && stops && !isGenerated:
		r.breaksf(StopsCounting, "it relies on the database to fill %s, which it no longer does", name)
	}
}

func (r *Rolling) retype(name string, was, is schema.Type) {
	switch {
	case !SameValues(was, is):
		r.breaksf(Retypes, "it reads and writes %s as %s", name, was)
	case convert.Class(was) == "int" && was.For(schema.Postgres) != is.For(schema.Postgres):
		r.unlessf(Retypes, "it reads numbers from %s that %s cannot hold", name, was)
	}
}

// SameValues reports whether values of one type are written and read as those of the other: none is lost, and a number
// or text is still one. It is false for a jsonb that becomes a json, which lacks its operators.
func SameValues(was, is schema.Type) bool {
	if schema.ParseColumnType(is.For(schema.Postgres)).Name == "json" {
		return false
	}
	return convert.Class(was) == convert.Class(is) &&
		convert.On(schema.Postgres, convert.Column{Name: "c", SQL: "c"}, was, is).IsSafe()
}
