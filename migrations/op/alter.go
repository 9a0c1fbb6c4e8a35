package op

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// AlterColumn changes a column as far as Change says; the rest stays as it is.
type AlterColumn struct {
	Table  string
	Column string
	Change ColumnChange
}

// ColumnChange holds what is to change; nil leaves it as it is.
type ColumnChange struct {
	Type          *schema.Type
	NotNull       *bool
	Default       *schema.Default
	AutoIncrement *bool
	Generated     *string
	// Using is the expression that makes a new value of an old one where the type changes. Without one, both databases
	// cast as PostgreSQL does, and what does not fit or what Go could not read is refused.
	Using schema.SQL
}

// Type gives the column another type.
func (o *AlterColumn) Type(t schema.Type) *AlterColumn {
	o.Change.Type = &t
	return o
}

// Using is the expression that turns an old value into one of the new type.
func (o *AlterColumn) Using(expression string) *AlterColumn {
	o.Change.Using = schema.Both(expression)
	return o
}

// UsingFor is Using where the expression differs by dialect.
func (o *AlterColumn) UsingFor(expressions Dialects) *AlterColumn {
	o.Change.Using = expressions
	return o
}

// NotNull refuses NULL from now on; rows that hold one make the change fail.
func (o *AlterColumn) NotNull() *AlterColumn { return o.notNull(true) }

// Nullable allows NULL.
func (o *AlterColumn) Nullable() *AlterColumn { return o.notNull(false) }

func (o *AlterColumn) notNull(yes bool) *AlterColumn {
	o.Change.NotNull = &yes
	return o
}

// Default is nil for NULL, a string, a bool, a number or an Expr.
func (o *AlterColumn) Default(value any) *AlterColumn {
	d := defaultOf(value)
	o.Change.Default = &d
	return o
}

// NoDefault takes the default away.
func (o *AlterColumn) NoDefault() *AlterColumn {
	o.Change.Default = &schema.Default{}
	return o
}

// AutoIncrement lets the database number new rows, beyond the largest number there is.
func (o *AlterColumn) AutoIncrement() *AlterColumn { return o.autoIncrement(true) }

// NoAutoIncrement no longer numbers rows.
func (o *AlterColumn) NoAutoIncrement() *AlterColumn { return o.autoIncrement(false) }

func (o *AlterColumn) autoIncrement(yes bool) *AlterColumn {
	o.Change.AutoIncrement = &yes
	return o
}

// Generated gives the column GORM's generated tag: "identity", "identity always", or "" for none. PostgreSQL cannot
// make an expression of a column that exists: that is to drop and add it.
func (o *AlterColumn) Generated(text string) *AlterColumn {
	o.Change.Generated = &text
	return o
}

func (o *AlterColumn) String() string {
	return fmt.Sprintf("alter column %s.%s %s", o.Table, o.Column, strings.Join(o.Change.words(), " "))
}

func (c ColumnChange) words() []string {
	var words []string
	if c.Type != nil {
		words = append(words, "type "+c.Type.String())
	}
	if c.NotNull != nil {
		words = append(words, either(*c.NotNull, "not null", "null"))
	}
	if c.Default != nil {
		words = append(words, "default "+c.Default.String())
	}
	if c.AutoIncrement != nil {
		words = append(words, either(*c.AutoIncrement, "autoincrement", "no autoincrement"))
	}
	if c.Generated != nil {
		words = append(words, either(*c.Generated == "", "not generated", "generated "+*c.Generated))
	}
	return words
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// Apply changes the column.
func (o *AlterColumn) Apply(before schema.Schema) (schema.Schema, error) {
	if len(o.Change.words()) == 0 {
		return before, errors.New("nothing to change")
	}
	return editTable(before, o.Table, func(t *schema.Table) error {
		for n := range t.Columns {
			if t.Columns[n].Name == o.Column {
				t.Columns[n] = o.Change.apply(t.Columns[n])
				return nil
			}
		}
		return fmt.Errorf("column %s.%s does not exist", o.Table, o.Column)
	})
}

func (c ColumnChange) apply(column schema.Column) schema.Column {
	c = c.apart()
	if c.Type != nil {
		column.Type = *c.Type
	}
	if c.NotNull != nil {
		column.NotNull = *c.NotNull
	}
	if c.Default != nil {
		column.Default = *c.Default
	}
	if c.AutoIncrement != nil {
		column.AutoIncrement = *c.AutoIncrement
	}
	if c.Generated != nil {
		column.Generated = *c.Generated
	}
	return column
}

// Reverse changes back what is changed, without a Using: where a value needs one, the revision has to say it.
func (o *AlterColumn) Reverse(before schema.Schema) ([]Operation, error) {
	was, err := columnOf(before, o.Table, o.Column)
	if err != nil {
		return nil, err
	}
	if is := o.Change.apply(was); was.Computed() && schema.NormalText(was.Generated) != schema.NormalText(is.Generated) {
		return o.recompute(before, was), nil
	}
	return []Operation{&AlterColumn{Table: o.Table, Column: o.Column, Change: o.Change.back(was)}}, nil
}

// recompute drops the column and adds it again, with what uses it, as PostgreSQL cannot compute a column that exists.
func (o *AlterColumn) recompute(before schema.Schema, was schema.Column) []Operation {
	var pointing, again []Operation
	for _, r := range before.References(o.Table) {
		if r.Table != o.Table && slices.Contains(r.Key.RefColumns, o.Column) {
			pointing = append(pointing, &DropForeignKey{Table: r.Table, Name: r.Key.Name})
			again = append(again, &AddForeignKey{Table: r.Table, Key: r.Key})
		}
	}
	t, _ := before.Table(o.Table)
	column := []Operation{&DropColumn{Table: o.Table, Column: o.Column}, &AddColumn{Table: o.Table, Column: was}}
	return slices.Concat(pointing, column, restore(t, t.Uses(o.Column)), again)
}

// apart returns the change with what its type says of NULL, of a default and of an expression where it belongs.
func (c ColumnChange) apart() ColumnChange {
	if c.Type == nil {
		return c
	}
	is := schema.Column{Type: *c.Type}.SplitClauses()
	if is.Type == *c.Type {
		return c
	}
	c.Type = &is.Type
	if is.NotNull && c.NotNull == nil {
		c.NotNull = &is.NotNull
	}
	if is.Default.Kind != schema.NoDefault && c.Default == nil {
		c.Default = &is.Default
	}
	if is.Generated != "" && c.Generated == nil {
		c.Generated = &is.Generated
	}
	return c
}

// back returns the change to what was, of the same parts.
func (c ColumnChange) back(was schema.Column) ColumnChange {
	c = c.apart()
	return ColumnChange{
		Type:          only(c.Type, was.Type),
		NotNull:       only(c.NotNull, was.NotNull),
		Default:       only(c.Default, was.Default),
		AutoIncrement: only(c.AutoIncrement, was.AutoIncrement),
		Generated:     only(c.Generated, was.Generated),
	}
}

// only returns the value there was, if there is a change.
func only[V any](change *V, was V) *V {
	if change == nil {
		return nil
	}
	return &was
}
