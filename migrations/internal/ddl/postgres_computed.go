package ddl

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// changeColumn alters a column. If its type changes, the columns computed from it, and what uses those, are dropped
// first and added again afterwards: PostgreSQL does not change the type of a column that an expression mentions
// (ATPrepAlterColumnType; https://www.postgresql.org/docs/current/sql-altertable.html). A computed column that needs a
// cast to its new type is dropped and added again as well, as it takes no USING.
func (p *postgres) changeColumn(o *op.AlterColumn) []string {
	t, _ := p.before.Table(o.Table)
	was, _ := t.Column(o.Column)
	isTable, _ := p.after.Table(o.Table)
	is, _ := isTable.Column(o.Column)
	if schema.NormalText(baseType(was)) == schema.NormalText(baseType(is)) && o.Change.Using.Postgres == "" {
		return p.alterColumn(o)
	}
	if was.Computed() && is.Computed() && postgresCast(p.name(o.Column), baseType(was), baseType(is)) != "" {
		before, after := p.dropAndRestore(o.Table, []string{o.Column})
		return slices.Concat(before, p.addColumn(&op.AddColumn{Table: o.Table, Column: is}), after)
	}
	var computed []string
	for _, c := range t.Columns {
		if c.Name != o.Column && c.Computed() && c.DependsOn(o.Column) {
			computed = append(computed, c.Name)
		}
	}
	if len(computed) == 0 {
		return p.alterColumn(o)
	}
	before, after := p.dropAndRestore(o.Table, computed)
	var again []string
	for _, name := range computed {
		c, _ := t.Column(name)
		again = append(again, p.addColumn(&op.AddColumn{Table: o.Table, Column: c})...)
	}
	return slices.Concat(before, p.alterColumn(o), again, after)
}

// dropAndRestore returns the SQL that drops the columns and the foreign keys that reference them, and the SQL that
// restores what was dropped with the columns once they have been added again.
func (p *postgres) dropAndRestore(table string, columns []string) (before, after []string) {
	var drop []op.Operation
	for _, r := range p.before.References(table) {
		pointsAt := func(column string) bool { return slices.Contains(r.Key.RefColumns, column) }
		if slices.ContainsFunc(columns, pointsAt) {
			drop = append(drop, &op.DropForeignKey{Table: r.Table, Name: r.Key.Name})
		}
	}
	for _, name := range columns {
		drop = append(drop, &op.DropColumn{Table: table, Column: name})
	}
	restore, err := op.ReverseAll(p.before, drop)
	if err != nil {
		p.fail(err)
		return nil, nil
	}
	now := p.before
	for _, o := range drop {
		next, _ := o.Apply(now) // ReverseAll has applied it without an error
		before = append(before, p.operationSQL(o, now, next)...)
		now = next
	}
	for _, o := range restore {
		if _, adds := o.(*op.AddColumn); !adds {
			after = append(after, p.operationSQL(o, p.before, p.before)...)
		}
	}
	return before, after
}

// operationSQL returns the SQL of an operation between two schemas.
func (p *postgres) operationSQL(o op.Operation, before, after schema.Schema) []string {
	inner := &postgres{before: before, after: after, actual: p.actual}
	var texts []string
	for _, s := range inner.readdForeignKeys(o, inner.statements(o)) {
		texts = append(texts, s.SQL)
	}
	p.fail(inner.err)
	return texts
}
