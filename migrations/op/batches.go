package op

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/migrations/schema"
)

// RowsMark is the placeholder, in the SQL of batches, for the condition that selects the rows of the batch.
const RowsMark = "{rows}"

// Batches walks a table in the order of its primary key, Size rows at a time, and commits after each batch. It is for
// revisions with NoTransaction only. An interrupted run continues after the last committed batch.
//
// Rows added meanwhile with a higher key than the current batch are walked as well; rows added with a lower key are
// not, so the program or a trigger has to fill them. The step must not change primary keys: a row whose key increases
// would be walked twice.
type Batches struct {
	Table string
	Size  int // rows
	// Step changes the rows of one batch; if it is nil, Text does.
	Step func(tx *gorm.DB, rows Batch) error `json:"-"`
	// Text is SQL that changes the rows of one batch, which the condition in place of RowsMark selects.
	Text schema.SQL
}

func (o *Batches) String() string {
	rows := fmt.Sprintf("in batches of %d rows of %s", o.Size, o.Table)
	if o.Step != nil {
		return "run data step " + rows
	}
	return rows + ": " + (&SQL{Text: o.Text}).String()
}

// Apply checks the operation, and returns the schema unchanged.
func (o *Batches) Apply(before schema.Schema) (schema.Schema, error) {
	t, err := tableOf(before, o.Table)
	switch {
	case err != nil:
		return before, err
	case len(t.PrimaryKey.Columns) == 0:
		return before, fmt.Errorf("table %s has no primary key, which batches need", o.Table)
	case o.Size <= 0:
		return before, fmt.Errorf("the batch size must be positive, not %d", o.Size)
	case (o.Step == nil) == o.Text.IsZero():
		return before, errors.New("batches need either Go code or SQL")
	}
	for _, text := range []string{o.Text.Postgres, o.Text.SQLite} {
		if text != "" && !strings.Contains(text, RowsMark) {
			return before, fmt.Errorf("the SQL has no %s, the placeholder for the condition of a batch", RowsMark)
		}
	}
	return before, nil
}

// Reverse returns no operations: batches change values only, and a column they fill is dropped with its values. (Run
// and SQL may do anything, and so need an Undo.)
func (o *Batches) Reverse(schema.Schema) ([]Operation, error) { return nil, nil }

// Batch is the rows of one batch. It is a GORM condition that selects them, on columns qualified with the name of the
// table, not with an alias:
//
//	tx.Table("users").Where(rows).Update("full_name", gorm.Expr("name"))
//	tx.Exec("UPDATE users SET full_name = name WHERE ?", rows)
type Batch struct {
	Table string
	Key   []string // columns of the primary key
	// After and UpTo are values of Key. The batch begins after After and ends with UpTo; nil means no bound.
	After, UpTo []any
}

// Build implements clause.Expression.
func (b Batch) Build(builder clause.Builder) {
	write := func(text string) { _, _ = builder.WriteString(text) } // to a strings.Builder
	var joint string
	write("(")
	for _, bound := range []struct {
		operator string
		values   []any
	}{{" > ", b.After}, {" <= ", b.UpTo}} {
		if bound.values == nil {
			continue
		}
		write(joint + b.columns() + bound.operator)
		if len(bound.values) > 1 {
			write("(")
		}
		builder.AddVar(builder, bound.values...)
		if len(bound.values) > 1 {
			write(")")
		}
		joint = " AND "
	}
	if joint == "" {
		write("true")
	}
	write(")")
}

// columns returns the key as SQL for either dialect. It qualifies the columns, since SQLite reads an unknown name in
// double quotes as a string unless it follows a table name.
func (b Batch) columns() string {
	quote := func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
	table := strings.Split(b.Table, ".")
	for i, part := range table {
		table[i] = quote(part)
	}
	columns := make([]string, 0, len(b.Key))
	for _, name := range b.Key {
		columns = append(columns, strings.Join(table, ".")+"."+quote(name))
	}
	if len(columns) == 1 {
		return columns[0]
	}
	return "(" + strings.Join(columns, ", ") + ")"
}
