package ddl

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// postgres writes PostgreSQL's SQL. It keeps its first error, so that the methods need not return errors.
type postgres struct {
	before schema.Schema
	after  schema.Schema
	actual map[string]string // constraint names in the database, by the names that follow from the schema
	err    error
}

func postgresStatements(o op.Operation, before, after schema.Schema) ([]Statement, error) {
	p := &postgres{before: before, after: after}
	statements := p.readdForeignKeys(o, p.statements(o))
	return statements, p.err
}

func postgresExecute(ctx context.Context, conn gorm.ConnPool, o op.Operation, before, after schema.Schema) error {
	p := &postgres{before: before, after: after}
	if err := p.findInline(ctx, conn, o); err != nil {
		return err
	}
	statements := p.readdForeignKeys(o, p.statements(o))
	if p.err != nil {
		return p.err
	}
	switch o := o.(type) {
	case *op.CreateIndex:
		if !o.Concurrent {
			break
		}
		if err := p.dropInvalid(ctx, conn, o); err != nil {
			return err
		}
	case *op.DropIndex:
		if o.Concurrent {
			return dropConcurrently(ctx, conn, o)
		}
	}
	if err := p.separateKey(ctx, conn, o); err != nil {
		return err
	}
	if err := refuseRows(ctx, conn, schema.Postgres, p.refusals(o)); err != nil {
		return err
	}
	return p.explainUnfit(o, executeAll(ctx, conn, statements))
}

func (p *postgres) statements(o op.Operation) []Statement {
	switch o := o.(type) {
	case *op.CreateTable:
		return plain(p.createTable(o.Table)...)
	case *op.DropTable:
		return plain("DROP TABLE " + p.table(o.Table))
	case *op.RenameTable:
		return plain(p.renameTable(o)...)
	case *op.CommentTable:
		return plain(p.commentTable(o.Table, o.Text))
	case *op.AddColumn:
		return plain(p.addColumn(o)...)
	case *op.DropColumn:
		return plain(p.dropColumn(o)...)
	case *op.AlterColumn:
		return plain(p.changeColumn(o)...)
	case *op.RenameColumn:
		return plain(p.renameColumn(o)...)
	case *op.CommentColumn:
		return plain(p.commentColumn(o.Table, o.Column, o.Text))
	case *op.CreateIndex:
		return p.createIndex(o)
	case *op.DropIndex:
		return p.dropIndex(o)
	case *op.RenameIndex:
		return plain("ALTER INDEX " + p.qualify(o.Table, o.From) + " RENAME TO " + p.name(o.To))
	case *op.AddPrimaryKey:
		return plain(p.changeKey(o.Table, p.addPrimaryKey(o))...)
	case *op.DropPrimaryKey:
		return plain(p.changeKey(o.Table, p.dropPrimaryKey(o.Table)...)...)
	case *op.AddUnique:
		return plain(p.changeKey(o.Table, p.addUnique(o))...)
	case *op.DropUnique:
		return plain(p.changeKey(o.Table, p.dropConstraint(o.Table, o.Name))...)
	case *op.AddCheck:
		return plain(p.addCheck(o.Table, o.Check))
	case *op.DropCheck:
		return plain(p.dropConstraint(o.Table, o.Name))
	case *op.AddForeignKey:
		return plain(p.addForeignKey(o.Table, o.Key))
	case *op.DropForeignKey:
		return plain(p.dropConstraint(o.Table, o.Name))
	case *op.RenameConstraint:
		return plain(p.alter(o.Table) + "RENAME CONSTRAINT " + p.name(o.From) + " TO " + p.name(o.To))
	case *op.ValidateCheck:
		return plain(p.validate(o.Table, o.Name))
	case *op.ValidateForeignKey:
		return plain(p.validate(o.Table, o.Name))
	case *op.SQL:
		statements, err := verbatim(schema.Postgres, o)
		p.fail(err)
		return statements
	case *op.Run:
		return dataStep(o)
	case *op.Batches:
		statements, err := wholeTableSQL(schema.Postgres, o)
		p.fail(err)
		return statements
	default:
		p.fail(errors.New("no SQL for PostgreSQL"))
		return nil
	}
}

// fail keeps the error if it is the first; nil is none.
func (p *postgres) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// name quotes a name, and fails if it is too long.
func (p *postgres) name(name string) string {
	p.fail(checkName(name))
	return quote(name, `"`)
}

// table quotes a table's name, with its schema if it has one.
func (p *postgres) table(name string) string {
	p.fail(checkName(name))
	return quoteTable(name, `"`)
}

// qualify quotes the name of an index or sequence with the schema of its table, in which it lives.
func (p *postgres) qualify(table, name string) string {
	if i := strings.LastIndex(table, "."); i >= 0 {
		return p.table(table[:i]) + "." + p.name(name)
	}
	return p.name(name)
}

func (p *postgres) names(list []string) string {
	var quoted []string
	for _, n := range list {
		quoted = append(quoted, p.name(n))
	}
	return strings.Join(quoted, ", ")
}

// postgresLiteral returns a string literal that does not depend on standard_conforming_strings.
func postgresLiteral(text string) string {
	if strings.Contains(text, `\`) {
		return "E" + literal(strings.ReplaceAll(text, `\`, `\\`))
	}
	return literal(text)
}

func postgresDefault(d schema.Default) string {
	switch d.Kind {
	case schema.NullDefault:
		return "NULL"
	case schema.StringDefault:
		return postgresLiteral(d.Text)
	case schema.ExpressionDefault:
		return d.SQL.Postgres
	default:
		return d.Text
	}
}
