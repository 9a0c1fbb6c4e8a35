package op

import "guestlist/migrations/schema"

// TableItem is an argument of CreateTable: a Column, PrimaryKey, Unique, Check, ForeignKey or Comment.
type TableItem interface {
	define(t *schema.Table)
}

// ColumnDef is the definition of a column, made by Column.
type ColumnDef struct {
	column     schema.Column
	primaryKey bool
}

// Column returns the definition of a column that is nullable and has no default.
func Column(name string, t schema.Type) ColumnDef {
	return ColumnDef{column: schema.Column{Name: name, Type: t}}
}

// NotNull makes the column NOT NULL.
func (d ColumnDef) NotNull() ColumnDef {
	d.column.NotNull = true
	return d
}

// PrimaryKey makes the column part of the primary key, after those defined before it. The function PrimaryKey defines a
// key with another order or a name.
func (d ColumnDef) PrimaryKey() ColumnDef {
	d.primaryKey = true
	return d
}

// AutoIncrement makes the database number the rows.
func (d ColumnDef) AutoIncrement() ColumnDef {
	d.column.AutoIncrement = true
	return d
}

// Default sets the default: nil for NULL, a string, a bool, a number or an Expr.
func (d ColumnDef) Default(value any) ColumnDef {
	d.column.Default = defaultOf(value)
	return d
}

// Generated sets GORM's generated tag: an expression, "identity" or "identity always". PostgreSQL only.
func (d ColumnDef) Generated(text string) ColumnDef {
	d.column.Generated = text
	return d
}

// Comment sets the comment of the column. SQLite has no comments.
func (d ColumnDef) Comment(text string) ColumnDef {
	d.column.Comment = text
	return d
}

func (d ColumnDef) define(t *schema.Table) {
	t.Columns = append(t.Columns, d.column)
	if d.primaryKey {
		t.PrimaryKey.Columns = append(t.PrimaryKey.Columns, d.column.Name)
	}
}

func defaultOf(value any) schema.Default {
	if e, ok := value.(Expression); ok {
		return schema.Expression(schema.SQL(e))
	}
	return schema.Literal(value)
}

type tableItem func(t *schema.Table)

func (f tableItem) define(t *schema.Table) { f(t) }

// PrimaryKeyDef is the definition of a primary key, made by PrimaryKey.
type PrimaryKeyDef struct {
	key schema.PrimaryKey
}

// PrimaryKey returns the definition of a primary key, with its columns in that order.
func PrimaryKey(columns ...string) PrimaryKeyDef {
	return PrimaryKeyDef{key: schema.PrimaryKey{Columns: columns}}
}

// Named sets the name of the key, instead of PostgreSQL's <table>_pkey.
func (d PrimaryKeyDef) Named(name string) PrimaryKeyDef {
	d.key.Name = name
	return d
}

func (d PrimaryKeyDef) define(t *schema.Table) { t.PrimaryKey = d.key }

// Unique returns the definition of a unique constraint on the columns.
func Unique(name string, columns ...string) TableItem {
	return tableItem(func(t *schema.Table) {
		t.Uniques = append(t.Uniques, schema.Unique{Name: name, Columns: columns})
	})
}

// CheckDef is the definition of a check constraint, made by Check.
type CheckDef struct {
	check schema.Check
}

// Check returns the definition of a check constraint; the expression is SQL for every dialect.
func Check(name, expression string) CheckDef {
	return CheckDef{check: schema.Check{Name: name, Expression: expression}}
}

// NotValid marks the check as not yet validated, as when the downgrade of DropTable restores such a check.
func (d CheckDef) NotValid() CheckDef {
	d.check.NotValid = true
	return d
}

func (d CheckDef) define(t *schema.Table) { t.Checks = append(t.Checks, d.check) }

// Comment returns the definition of the table's comment. SQLite has no comments.
func Comment(text string) TableItem {
	return tableItem(func(t *schema.Table) { t.Comment = text })
}

// ForeignKeyDef is the definition of a foreign key, made by ForeignKey.
type ForeignKeyDef struct {
	key schema.ForeignKey
}

// ForeignKey returns the definition of a foreign key on the columns; References sets its target.
func ForeignKey(name string, columns ...string) ForeignKeyDef {
	return ForeignKeyDef{key: schema.ForeignKey{Name: name, Columns: columns}}
}

// References sets the table and the columns that the key points at.
func (d ForeignKeyDef) References(table string, columns ...string) ForeignKeyDef {
	d.key.RefTable, d.key.RefColumns = table, columns
	return d
}

// OnDelete sets the action when the referenced row is deleted: CASCADE, SET NULL, RESTRICT, ….
func (d ForeignKeyDef) OnDelete(action string) ForeignKeyDef {
	d.key.OnDelete = action
	return d
}

// OnUpdate sets the action when the key of the referenced row changes.
func (d ForeignKeyDef) OnUpdate(action string) ForeignKeyDef {
	d.key.OnUpdate = action
	return d
}

// NotValid marks the key as not yet validated, as when the downgrade of DropTable restores such a key.
func (d ForeignKeyDef) NotValid() ForeignKeyDef {
	d.key.NotValid = true
	return d
}

func (d ForeignKeyDef) define(t *schema.Table) { t.ForeignKeys = append(t.ForeignKeys, d.key) }
