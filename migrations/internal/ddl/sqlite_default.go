package ddl

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// CheckDefaults refuses an operation that gives a column a default which SQLite cannot compute, such as a function of
// PostgreSQL's: SQLite makes the table all the same, and then takes no row without a value for the column. PostgreSQL
// looks at a default itself when it is given.
func CheckDefaults(ctx context.Context, tx *gorm.DB, o op.Operation) error {
	if schema.Dialect(tx.Name()) != schema.SQLite {
		return nil
	}
	for _, c := range newDefaults(o) {
		if c.Default.Kind != schema.ExpressionDefault {
			continue
		}
		text := sqliteExpression(c.Default.SQL.SQLite)
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, "EXPLAIN SELECT "+text); err != nil {
			reason := fmt.Errorf("SQLite cannot compute the default %s of column %s: %w", text, c.Name, err)
			return hint.New(&OperationError{Operation: o, reason: reason}, "give SQLite a default of its own in the "+
				"revision, op.ExprFor(op.Dialects{Postgres: …, SQLite: …}), or have the program fill the column")
		}
	}
	return nil
}

// newDefaults returns the columns to which the operation gives a default.
func newDefaults(o op.Operation) []schema.Column {
	var columns []schema.Column
	switch o := o.(type) {
	case *op.CreateTable:
		for _, c := range o.Table.Columns {
			columns = append(columns, c.SplitClauses())
		}
	case *op.AddColumn:
		columns = append(columns, o.Column.SplitClauses())
	case *op.AlterColumn:
		if o.Change.Default != nil {
			columns = append(columns, schema.Column{Name: o.Column, Default: *o.Change.Default})
		}
	default: // no other has columns
	}
	return columns
}
