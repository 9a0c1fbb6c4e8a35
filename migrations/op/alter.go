package op

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// AlterColumn changes the properties of a column that are set in Change.
type AlterColumn struct {
	Table  string
	Column string
	Change ColumnChange
}

// ColumnChange holds the new properties of a column; nil leaves a property unchanged.
type ColumnChange struct {
	Type          *schema.Type
	NotNull       *bool
	Default       *schema.Default
	AutoIncrement *bool
	Generated     *string
	// Using is the expression that converts an old value when the type changes. Without one, both databases cast as
	// PostgreSQL does, and the change fails on values that do not fit or that Go could not read.
	Using schema.SQL
}

// Type changes the type of the column.
func (o *AlterColumn) Type(t schema.Type) *AlterColumn {
	o.Change.Type = &t
	return o
}

// Using sets the SQL expression that converts an old value to the new type.
func (o *AlterColumn) Using(expression string) *AlterColumn {
	o.Change.Using = schema.Both(expression)
	return o
}

// UsingFor is like Using, with an expression for each dialect.
func (o *AlterColumn) UsingFor(expressions Dialects) *AlterColumn {
	o.Change.Using = expressions
	return o
}

// NotNull makes the column NOT NULL. The change fails if a row has NULL in it.
func (o *AlterColumn) NotNull() *AlterColumn { return o.notNull(true) }

// Nullable allows NULL.
func (o *AlterColumn) Nullable() *AlterColumn { return o.notNull(false) }

func (o *AlterColumn) notNull(yes bool) *AlterColumn {
	o.Change.NotNull = &yes
	return o
}

// Default sets the default of the column: nil for NULL, a string, a bool, a number or an Expr.
func (o *AlterColumn) Default(value any) *AlterColumn {
	d := defaultOf(value)
	o.Change.Default = &d
	return o
}

// NoDefault removes the default.
func (o *AlterColumn) NoDefault() *AlterColumn {
	o.Change.Default = &schema.Default{}
	return o
}

// AutoIncrement makes the database number new rows, starting after the largest existing number.
func (o *AlterColumn) AutoIncrement() *AlterColumn { return o.autoIncrement(true) }

// NoAutoIncrement stops the database from numbering new rows.
func (o *AlterColumn) NoAutoIncrement() *AlterColumn { return o.autoIncrement(false) }

func (o *AlterColumn) autoIncrement(yes bool) *AlterColumn {
	o.Change.AutoIncrement = &yes
	return o
}

// Generated sets the column's generated tag of GORM: "identity", "identity always", or "" for none. PostgreSQL cannot
// turn an existing column into one with an expression: drop it and add it again.
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
	c = c.splitClauses()
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

// Reverse changes the column back, without a Using: if the old type needs one, the revision must write the downgrade.
func (o *AlterColumn) Reverse(before schema.Schema) ([]Operation, error) {
	was, err := columnOf(before, o.Table, o.Column)
	if err != nil {
		return nil, err
	}
	if is := o.Change.apply(was); was.Computed() && schema.NormalText(was.Generated) != schema.NormalText(is.Generated) {
		return o.recompute(before, was), nil
	}
	return []Operation{&AlterColumn{Table: o.Table, Column: o.Column, Change: o.Change.reverse(was)}}, nil
}

// recompute drops the column and adds it again, with the constraints and indexes that use it, as PostgreSQL cannot turn
// an existing column into a generated one.
func (o *AlterColumn) recompute(before schema.Schema, was schema.Column) []Operation {
	var dropKeys, addKeys []Operation
	for _, r := range before.References(o.Table) {
		if r.Table != o.Table && slices.Contains(r.Key.RefColumns, o.Column) {
			dropKeys = append(dropKeys, &DropForeignKey{Table: r.Table, Name: r.Key.Name})
			addKeys = append(addKeys, &AddForeignKey{Table: r.Table, Key: r.Key})
		}
	}
	t, _ := before.Table(o.Table)
	column := []Operation{&DropColumn{Table: o.Table, Column: o.Column}, &AddColumn{Table: o.Table, Column: was}}
	return slices.Concat(dropKeys, column, restore(t, t.Uses(o.Column)), addKeys)
}

// splitClauses moves NOT NULL, DEFAULT and GENERATED out of the type into the fields of the change.
func (c ColumnChange) splitClauses() ColumnChange {
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

// reverse returns the change of the same properties back to what they were.
func (c ColumnChange) reverse(was schema.Column) ColumnChange {
	c = c.splitClauses()
	return ColumnChange{
		Type:          oldValue(c.Type, was.Type),
		NotNull:       oldValue(c.NotNull, was.NotNull),
		Default:       oldValue(c.Default, was.Default),
		AutoIncrement: oldValue(c.AutoIncrement, was.AutoIncrement),
		Generated:     oldValue(c.Generated, was.Generated),
	}
}

// oldValue returns the old value if there is a change, or nil.
func oldValue[V any](change *V, was V) *V {
	if change == nil {
		return nil
	}
	return &was
}
