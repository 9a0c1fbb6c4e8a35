package op

import "guestlist/migrations/schema"

// AddPrimaryKey adds a primary key on the columns to a table that has none.
func (m *Migration) AddPrimaryKey(table string, columns ...string) *AddPrimaryKey {
	return record(m, &AddPrimaryKey{Table: table, Key: schema.PrimaryKey{Columns: columns}})
}

// DropPrimaryKey drops the primary key of a table, not its columns.
func (m *Migration) DropPrimaryKey(table string) *DropPrimaryKey {
	return record(m, &DropPrimaryKey{Table: table})
}

// AddUnique adds a unique constraint on the columns.
func (m *Migration) AddUnique(name, table string, columns ...string) *AddUnique {
	return record(m, &AddUnique{Table: table, Unique: schema.Unique{Name: name, Columns: columns}})
}

// DropUnique drops a unique constraint of a table.
func (m *Migration) DropUnique(name, table string) *DropUnique {
	return record(m, &DropUnique{Table: table, Name: name})
}

// AddCheck adds a check constraint; the expression is SQL for every dialect.
func (m *Migration) AddCheck(name, table, expression string) *AddCheck {
	return record(m, &AddCheck{Table: table, Check: schema.Check{Name: name, Expression: expression}})
}

// DropCheck drops a check constraint of a table.
func (m *Migration) DropCheck(name, table string) *DropCheck {
	return record(m, &DropCheck{Table: table, Name: name})
}

// AddForeignKey adds a foreign key on the columns; References sets its target.
func (m *Migration) AddForeignKey(name, table string, columns ...string) *AddForeignKey {
	return record(m, &AddForeignKey{Table: table, Key: schema.ForeignKey{Name: name, Columns: columns}})
}

// DropForeignKey drops a foreign key of a table.
func (m *Migration) DropForeignKey(name, table string) *DropForeignKey {
	return record(m, &DropForeignKey{Table: table, Name: name})
}

// ValidateCheck checks the existing rows against a check that was added as NotValid.
func (m *Migration) ValidateCheck(name, table string) *ValidateCheck {
	return record(m, &ValidateCheck{Table: table, Name: name})
}

// ValidateForeignKey checks the existing rows against a foreign key that was added as NotValid.
func (m *Migration) ValidateForeignKey(name, table string) *ValidateForeignKey {
	return record(m, &ValidateForeignKey{Table: table, Name: name})
}

// RenameConstraint renames a unique constraint, check, foreign key or named primary key of a table.
func (m *Migration) RenameConstraint(from, to, table string) *RenameConstraint {
	return record(m, &RenameConstraint{Table: table, From: from, To: to})
}
