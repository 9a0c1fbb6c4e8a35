package op

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/migrations/schema"
)

// RowsMark is, in the SQL of batches, the place of the condition that only the rows of the batch meet.
const RowsMark = "{rows}"

// Batches walks a table in the order of its primary key, Size rows at a time, and commits after each batch. It is
// for revisions with NoTransaction only. A run that was stopped goes on after the last batch that was committed.
//
// Rows that are added after the place where it is are walked as well; those added before it are not, so the program,
// or a trigger, has to fill them. The step must not change primary keys: a row that moves ahead would be walked twice.
type Batches struct {
	Table string
	Size  int // rows
	// Step treats the rows of one batch; where it is nil, Text does.
	Step func(tx *gorm.DB, rows Batch) error `json:"-"`
	// Text treats the rows for which the condition in place of RowsMark is true.
	Text schema.SQL
}

func (o *Batches) String() string {
	rows := fmt.Sprintf("in batches of %d rows of %s", o.Size, o.Table)
	if o.Step != nil {
		return "run data step " + rows
	}
	return rows + ": " + (&SQL{Text: o.Text}).String()
}

// Apply changes nothing of the schema.
func (o *Batches) Apply(before schema.Schema) (schema.Schema, error) {
	t, err := tableOf(before, o.Table)
	switch {
	case err != nil:
		return before, err
	case len(t.PrimaryKey.Columns) == 0:
		return before, fmt.Errorf("table %s has no primary key, by which batches walk it", o.Table)
	case o.Size <= 0:
		return before, fmt.Errorf("a batch of %d rows is none", o.Size)
	case (o.Step == nil) == o.Text.IsZero():
		return before, errors.New("batches have either Go code or SQL")
	}
	for _, text := range []string{o.Text.Postgres, o.Text.SQLite} {
		if text != "" && !strings.Contains(text, RowsMark) {
			return before, fmt.Errorf("the SQL has no %s where the condition of a batch goes", RowsMark)
		}
	}
	return before, nil
}

// Reverse returns nothing. Run and SQL may do anything, and so have to say how to undo it; batches change values of
// rows that stay, and what they fill goes with its column.
func (o *Batches) Reverse(schema.Schema) ([]Operation, error) { return nil, nil }

// Batch is some rows of a table. It is a condition of GORM's that only these rows meet, on the columns of the table by
// its own name (not by an alias):
//
//	tx.Table("users").Where(rows).Update("full_name", gorm.Expr("name"))
//	tx.Exec("UPDATE users SET full_name = name WHERE ?", rows)
type Batch struct {
	Table string
	Key   []string // columns of the primary key
	// After and UpTo are values of Key: the rows after the first, and up to and including the second. nil is no bound.
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

// columns returns the key as SQL of either dialect. SQLite takes a name in double quotes for a string where there is no
// such column, but none after the name of a table.
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
