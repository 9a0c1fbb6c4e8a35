package ddl

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// sqlite writes SQLite's SQL.
type sqlite struct {
	before schema.Schema
	after  schema.Schema
}

func sqliteStatements(o op.Operation, before, after schema.Schema) ([]Statement, error) {
	s := sqlite{before: before, after: after}
	switch o := o.(type) {
	case *op.SQL:
		return verbatim(schema.SQLite, o), nil
	case *op.Run:
		return dataStep(o), nil
	case *op.CreateTable:
		return plain(s.createTable(o.Table, o.Table.Name)), nil
	case *op.DropTable:
		return plain("DROP TABLE " + s.table(o.Table)), nil
	case *op.CreateIndex:
		return plain(s.createIndex(o.Table, o.Index)), nil
	case *op.DropIndex:
		return plain("DROP INDEX " + s.name(o.Index)), nil
	case *op.AddColumn:
		return plain("ALTER TABLE " + s.table(o.Table) + " ADD COLUMN " + s.column(o.Column)), nil
	case *op.DropColumn:
		return s.dropColumn(o), nil
	default:
		return nil, errors.New("no SQL for SQLite")
	}
}

func sqliteExecute(ctx context.Context, conn gorm.ConnPool, o op.Operation, before, after schema.Schema) error {
	statements, err := sqliteStatements(o, before, after)
	if err != nil {
		return err
	}
	return executeAll(ctx, conn, statements)
}

func (s sqlite) dropColumn(o *op.DropColumn) []Statement {
	t, _ := s.before.Table(o.Table)
	var texts []string
	for _, i := range t.Uses(o.Column).Indexes {
		texts = append(texts, "DROP INDEX "+s.name(i.Name))
	}
	return plain(append(texts, "ALTER TABLE "+s.table(o.Table)+" DROP COLUMN "+s.name(o.Column))...)
}

// name quotes with backticks as GORM does: SQLite takes a double-quoted name that it does not know for a string.
func (s sqlite) name(name string) string { return quote(name, "`") }

func (s sqlite) table(name string) string { return quoteTable(name, "`") }

func (s sqlite) names(list []string) string {
	var quoted []string
	for _, n := range list {
		quoted = append(quoted, s.name(n))
	}
	return strings.Join(quoted, ", ")
}
