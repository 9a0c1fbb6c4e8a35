package ddl

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/op"
)

// separateKey splits a primary key and a unique constraint on the same columns before an operation changes either. In a
// table that AutoMigrate created they are a single constraint, the primary key under the unique constraint's name (see
// merged): dropping the second would drop the first.
func (p *postgres) separateKey(ctx context.Context, conn gorm.ConnPool, o op.Operation) error {
	t, ok := p.before.Table(keyTable(o))
	if !ok {
		return nil
	}
	for _, u := range t.Uniques {
		if !slices.Equal(u.Columns, t.PrimaryKey.Columns) {
			continue
		}
		found, err := texts(ctx, conn, "SELECT conname FROM pg_constraint"+
			" WHERE contype = 'p' AND conname = $1 AND conrelid = to_regclass($2)",
			u.Name, p.table(t.Name))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		return executeAll(ctx, conn, plain(
			p.alter(t.Name)+"RENAME CONSTRAINT "+p.name(u.Name)+" TO "+p.name(primaryKeyName(t)),
			p.alter(t.Name)+"ADD "+p.unique(u)))
	}
	return nil
}

// keyTable returns the table of an operation that changes the table's keys or their names, or an empty string.
func keyTable(o op.Operation) string {
	switch o := o.(type) {
	case *op.DropUnique:
		return o.Table
	case *op.DropPrimaryKey:
		return o.Table
	case *op.DropColumn:
		return o.Table
	case *op.RenameConstraint:
		return o.Table
	case *op.RenameTable:
		return o.From
	}
	return ""
}
