package op

import (
	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// Migration records the operations of one direction of a revision. The zero value is ready to use.
type Migration struct {
	operations []Operation
}

// Record returns the operations that fill records.
func Record(fill func(m *Migration)) []Operation {
	var m Migration
	if fill != nil {
		fill(&m)
	}
	return m.operations
}

// Operations returns the recorded operations, in order.
func (m *Migration) Operations() []Operation { return m.operations }

// Add records operations.
func (m *Migration) Add(operations ...Operation) { m.operations = append(m.operations, operations...) }

// record adds the operation and returns it, so that methods chained onto it change the recorded one.
func record[O Operation](m *Migration, o O) O {
	m.Add(o)
	return o
}

// CreateTable creates a table with the columns and constraints.
func (m *Migration) CreateTable(name string, items ...TableItem) *CreateTable {
	o := &CreateTable{Table: schema.Table{Name: name}}
	for _, item := range items {
		item.define(&o.Table)
	}
	return record(m, o)
}

// DropTable drops a table with its indexes and constraints.
func (m *Migration) DropTable(name string) *DropTable {
	return record(m, &DropTable{Table: name})
}

// RenameTable renames a table.
func (m *Migration) RenameTable(from, to string) *RenameTable {
	return record(m, &RenameTable{From: from, To: to})
}

// CommentTable sets the comment of a table; an empty text removes it.
func (m *Migration) CommentTable(table, text string) *CommentTable {
	return record(m, &CommentTable{Table: table, Text: text})
}

// SQL executes SQL as written, the same on every dialect. If it changes the schema, chain Declares.
func (m *Migration) SQL(text string) *SQL {
	return record(m, &SQL{Text: schema.Both(text)})
}

// SQLFor is like SQL, with SQL for each dialect; on a dialect without any, it does nothing.
func (m *Migration) SQLFor(texts Dialects) *SQL {
	return record(m, &SQL{Text: texts})
}

// Run executes a data step in the revision's transaction.
func (m *Migration) Run(step func(tx *gorm.DB) error) *Run {
	return record(m, &Run{Step: step})
}

// Batches executes a data step for each batch of size rows of a table, in a transaction per batch. The revision needs
// NoTransaction.
func (m *Migration) Batches(table string, size int, step func(tx *gorm.DB, rows Batch) error) *Batches {
	return record(m, &Batches{Table: table, Size: size, Step: step})
}

// BatchesSQL is like Batches, with SQL that is the same on every dialect. {rows} in it is replaced by the condition
// that selects the rows of the batch: UPDATE users SET full_name = name WHERE {rows}.
func (m *Migration) BatchesSQL(table string, size int, text string) *Batches {
	return record(m, &Batches{Table: table, Size: size, Text: schema.Both(text)})
}

// BatchesSQLFor is like BatchesSQL, with SQL for each dialect; on a dialect without any, it does nothing.
func (m *Migration) BatchesSQLFor(table string, size int, texts Dialects) *Batches {
	return record(m, &Batches{Table: table, Size: size, Text: texts})
}
