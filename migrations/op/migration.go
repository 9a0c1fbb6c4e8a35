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

// Operations returns what has been recorded, in order.
func (m *Migration) Operations() []Operation { return m.operations }

// Add records operations made elsewhere.
func (m *Migration) Add(operations ...Operation) { m.operations = append(m.operations, operations...) }

// record keeps the pointer, so that the methods chained onto an operation still reach it.
func record[O Operation](m *Migration, o O) O {
	m.Add(o)
	return o
}

// CreateTable creates a table of the columns and constraints.
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

// CommentTable describes a table; an empty text takes the comment away.
func (m *Migration) CommentTable(table, text string) *CommentTable {
	return record(m, &CommentTable{Table: table, Text: text})
}

// SQL executes SQL as it is, the same on every dialect. Declares says what it does to the schema.
func (m *Migration) SQL(text string) *SQL {
	return record(m, &SQL{Text: schema.Both(text)})
}

// SQLFor executes SQL that differs by dialect; a dialect without a text executes nothing.
func (m *Migration) SQLFor(texts Dialects) *SQL {
	return record(m, &SQL{Text: texts})
}

// Run executes a data step on the revision's own transaction.
func (m *Migration) Run(step func(tx *gorm.DB) error) *Run {
	return record(m, &Run{Step: step})
}

// Batches executes a data step for batches of size rows of a table, each in a transaction of its own. The revision
// needs NoTransaction.
func (m *Migration) Batches(table string, size int, step func(tx *gorm.DB, rows Batch) error) *Batches {
	return record(m, &Batches{Table: table, Size: size, Step: step})
}

// BatchesSQL is Batches with SQL, the same on every dialect, in which {rows} is the condition that only the rows of the
// batch meet: UPDATE users SET full_name = name WHERE {rows}.
func (m *Migration) BatchesSQL(table string, size int, text string) *Batches {
	return record(m, &Batches{Table: table, Size: size, Text: schema.Both(text)})
}

// BatchesSQLFor is BatchesSQL that differs by dialect; a dialect without a text executes nothing.
func (m *Migration) BatchesSQLFor(table string, size int, texts Dialects) *Batches {
	return record(m, &Batches{Table: table, Size: size, Text: texts})
}
