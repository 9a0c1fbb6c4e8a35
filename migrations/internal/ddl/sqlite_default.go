package ddl

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// CheckDefaults returns an error if the operation gives a column a default that SQLite cannot evaluate, such as a
// PostgreSQL function. SQLite would accept the definition, and then refuse every row without a value for the column.
// PostgreSQL checks defaults itself.
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
				"revision, op.ExprFor(op.Dialects{Postgres: …, SQLite: …}), or fill the column in the program")
		}
	}
	return nil
}

// newDefaults returns the columns whose default the operation sets.
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
	default: // other operations set no defaults
	}
	return columns
}
