package op

import "guestlist/migrations/schema"

// TableItem is an argument of CreateTable: Column, PrimaryKey, Unique, Check, ForeignKey and Comment make them.
type TableItem interface {
	define(t *schema.Table)
}

// ColumnDef is a column as a revision writes it; Column makes one.
type ColumnDef struct {
	column     schema.Column
	primaryKey bool
}

// Column is a column of that name and type. It may be null and has no default unless told otherwise.
func Column(name string, t schema.Type) ColumnDef {
	return ColumnDef{column: schema.Column{Name: name, Type: t}}
}

// NotNull refuses NULL.
func (d ColumnDef) NotNull() ColumnDef {
	d.column.NotNull = true
	return d
}

// PrimaryKey makes the column part of the primary key; PrimaryKey among the items says the order of several.
func (d ColumnDef) PrimaryKey() ColumnDef {
	d.primaryKey = true
	return d
}

// AutoIncrement lets the database number the rows.
func (d ColumnDef) AutoIncrement() ColumnDef {
	d.column.AutoIncrement = true
	return d
}

// Default is nil for NULL, a string, a bool, a number or an Expr.
func (d ColumnDef) Default(value any) ColumnDef {
	d.column.Default = defaultOf(value)
	return d
}

// Generated is the value of GORM's generated tag: an expression, "identity" or "identity always". PostgreSQL only.
func (d ColumnDef) Generated(text string) ColumnDef {
	d.column.Generated = text
	return d
}

// Comment describes the column to readers of the database. SQLite has no comments.
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

// PrimaryKeyDef is a primary key as a revision writes it; PrimaryKey makes one.
type PrimaryKeyDef struct {
	key schema.PrimaryKey
}

// PrimaryKey is the primary key of the table, its columns in that order.
func PrimaryKey(columns ...string) PrimaryKeyDef {
	return PrimaryKeyDef{key: schema.PrimaryKey{Columns: columns}}
}

// Named gives the key a name other than PostgreSQL's <table>_pkey.
func (d PrimaryKeyDef) Named(name string) PrimaryKeyDef {
	d.key.Name = name
	return d
}

func (d PrimaryKeyDef) define(t *schema.Table) { t.PrimaryKey = d.key }

// Unique is a unique constraint on the columns.
func Unique(name string, columns ...string) TableItem {
	return tableItem(func(t *schema.Table) {
		t.Uniques = append(t.Uniques, schema.Unique{Name: name, Columns: columns})
	})
}

// CheckDef is a check constraint as a revision writes it; Check makes one.
type CheckDef struct {
	check schema.Check
}

// Check is a check constraint; the expression is SQL that every dialect understands.
func Check(name, expression string) CheckDef {
	return CheckDef{check: schema.Check{Name: name, Expression: expression}}
}

// NotValid leaves the check to be validated later, as in a table that is made again.
func (d CheckDef) NotValid() CheckDef {
	d.check.NotValid = true
	return d
}

func (d CheckDef) define(t *schema.Table) { t.Checks = append(t.Checks, d.check) }

// Comment describes the table to readers of the database. SQLite has no comments.
func Comment(text string) TableItem {
	return tableItem(func(t *schema.Table) { t.Comment = text })
}

// ForeignKeyDef is a foreign key as a revision writes it; ForeignKey makes one.
type ForeignKeyDef struct {
	key schema.ForeignKey
}

// ForeignKey is a foreign key of the columns; References says where they point.
func ForeignKey(name string, columns ...string) ForeignKeyDef {
	return ForeignKeyDef{key: schema.ForeignKey{Name: name, Columns: columns}}
}

// References says the table and the columns that the key points at.
func (d ForeignKeyDef) References(table string, columns ...string) ForeignKeyDef {
	d.key.RefTable, d.key.RefColumns = table, columns
	return d
}

// OnDelete is what becomes of the row when the one it points at is deleted: CASCADE, SET NULL, RESTRICT, ….
func (d ForeignKeyDef) OnDelete(action string) ForeignKeyDef {
	d.key.OnDelete = action
	return d
}

// OnUpdate is what becomes of the row when the one it points at gets another key.
func (d ForeignKeyDef) OnUpdate(action string) ForeignKeyDef {
	d.key.OnUpdate = action
	return d
}

// NotValid leaves the key to be validated later, as in a table that is made again.
func (d ForeignKeyDef) NotValid() ForeignKeyDef {
	d.key.NotValid = true
	return d
}

func (d ForeignKeyDef) define(t *schema.Table) { t.ForeignKeys = append(t.ForeignKeys, d.key) }
