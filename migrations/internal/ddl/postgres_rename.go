package ddl

import (
	"errors"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// renameTable also renames what PostgreSQL named after the table, so that the names still follow from the schema.
func (p *postgres) renameTable(o *op.RenameTable) []string {
	if qualifier(o.From) != qualifier(o.To) {
		p.fail(errors.New("a table cannot be renamed into another schema"))
	}
	was, _ := p.before.Table(o.From)
	is, _ := p.after.Table(o.To)
	texts := []string{p.alter(o.From) + "RENAME TO " + p.name(unqualified(o.To))}
	if len(was.PrimaryKey.Columns) > 0 && was.PrimaryKey.Name == "" {
		texts = append(texts, "ALTER INDEX IF EXISTS "+p.qualify(o.To, primaryKeyName(was))+
			" RENAME TO "+p.name(primaryKeyName(is)))
	}
	for i, c := range was.Columns {
		texts = append(texts, p.renameSequence(was, c, is, is.Columns[i])...)
	}
	return append(texts, p.renameInline(was, is, "", "")...)
}

func (p *postgres) renameColumn(o *op.RenameColumn) []string {
	was, _ := p.before.Table(o.Table)
	is, _ := p.after.Table(o.Table)
	from, _ := was.Column(o.From)
	to, _ := is.Column(o.To)
	rename := p.alter(o.Table) + "RENAME COLUMN " + p.name(o.From) + " TO " + p.name(o.To)
	return slices.Concat([]string{rename}, p.renameSequence(was, from, is, to), p.renameInline(was, is, o.From, o.To))
}

func (p *postgres) renameSequence(was schema.Table, from schema.Column, is schema.Table, to schema.Column) []string {
	if identity, _ := identityOf(from.Generated); !identity && !isSerial(from) {
		return nil
	}
	return []string{"ALTER SEQUENCE IF EXISTS " + p.sequence(was, from) +
		" RENAME TO " + p.name(schema.ObjectName(unqualified(is.Name), to.Name, "seq"))}
}

func unqualified(table string) string { return table[strings.LastIndex(table, ".")+1:] }

func qualifier(table string) string { return table[:strings.LastIndex(table, ".")+1] }
