package ddl

import (
	"fmt"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// postgres writes PostgreSQL. It remembers the first name that is too long, so that quoting need not answer errors.
type postgres struct {
	before schema.Schema
	after  schema.Schema
	err    error
}

func postgresStatements(o op.Operation, before, after schema.Schema) ([]Statement, error) {
	p := &postgres{before: before, after: after}
	statements := p.statements(o)
	return statements, p.err
}

func (p *postgres) statements(o op.Operation) []Statement {
	switch o := o.(type) {
	case *op.SQL:
		return verbatim(schema.Postgres, o)
	case *op.Run:
		return dataStep(o)
	case *op.CreateIndex:
		return p.createIndex(o)
	case *op.DropIndex:
		return p.dropIndex(o)
	default:
		return plain(p.transactional(o)...)
	}
}

// transactional answers the statements of the operations that are never anything but SQL in a transaction.
func (p *postgres) transactional(o op.Operation) []string {
	switch o := o.(type) {
	case *op.CreateTable:
		return p.createTable(o.Table)
	case *op.DropTable:
		return []string{"DROP TABLE " + p.table(o.Table)}
	case *op.AddColumn:
		return p.addColumn(o)
	case *op.DropColumn:
		return p.dropColumn(o)
	default:
		p.err = fmt.Errorf("no SQL for PostgreSQL")
		return nil
	}
}

// name quotes a name and refuses one that is too long.
func (p *postgres) name(name string) string {
	if err := checkName(name); err != nil && p.err == nil {
		p.err = err
	}
	return quote(name, `"`)
}

// table quotes the name of a table, with its schema where it has one.
func (p *postgres) table(name string) string {
	if err := checkName(name); err != nil && p.err == nil {
		p.err = err
	}
	return quoteTable(name, `"`)
}

// beside quotes the name of an index or sequence, which lives in the schema of its table.
func (p *postgres) beside(table, name string) string {
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

// postgresLiteral does not depend on standard_conforming_strings.
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
