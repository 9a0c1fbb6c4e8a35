package op

import "guestlist/migrations/schema"

// AddColumn adds a column. If the table may have rows, the column must be nullable or have a default.
func (m *Migration) AddColumn(table string, column ColumnDef) *AddColumn {
	o := record(m, &AddColumn{Table: table, Column: column.column})
	if column.primaryKey {
		m.AddPrimaryKey(table, column.column.Name)
	}
	return o
}

// DropColumn drops a column, and the indexes and constraints of its table that use it.
func (m *Migration) DropColumn(table, column string) *DropColumn {
	return record(m, &DropColumn{Table: table, Column: column})
}

// AlterColumn changes a column: m.AlterColumn("users", "email").Type(op.Text()).NotNull().
func (m *Migration) AlterColumn(table, column string) *AlterColumn {
	return record(m, &AlterColumn{Table: table, Column: column})
}

// RenameColumn renames a column.
func (m *Migration) RenameColumn(table, from, to string) *RenameColumn {
	return record(m, &RenameColumn{Table: table, From: from, To: to})
}

// CommentColumn sets the comment of a column; an empty text removes it.
func (m *Migration) CommentColumn(table, column, text string) *CommentColumn {
	return record(m, &CommentColumn{Table: table, Column: column, Text: text})
}

// CreateIndex creates an index on columns; On adds keys with an order, a collation or an expression.
func (m *Migration) CreateIndex(name, table string, columns ...string) *CreateIndex {
	o := &CreateIndex{Table: table, Index: schema.Index{Name: name}}
	for _, c := range columns {
		o.Index.Keys = append(o.Index.Keys, schema.IndexKey{Column: c})
	}
	return record(m, o)
}

// DropIndex drops an index of a table.
func (m *Migration) DropIndex(name, table string) *DropIndex {
	return record(m, &DropIndex{Table: table, Index: name})
}

// RenameIndex renames an index of a table.
func (m *Migration) RenameIndex(from, to, table string) *RenameIndex {
	return record(m, &RenameIndex{Table: table, From: from, To: to})
}
