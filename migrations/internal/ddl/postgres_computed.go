package ddl

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// changeColumn drops the columns that are computed from one that changes its type and adds them again after it, with
// what uses them: PostgreSQL does not change the type of a column that an expression mentions (ATPrepAlterColumnType;
// https://www.postgresql.org/docs/current/sql-altertable.html). A computed column that needs a cast to its new type is
// computed again as well, as there is no USING for it.
func (p *postgres) changeColumn(o *op.AlterColumn) []string {
	t, _ := p.before.Table(o.Table)
	was, _ := t.Column(o.Column)
	isTable, _ := p.after.Table(o.Table)
	is, _ := isTable.Column(o.Column)
	if schema.NormalText(baseType(was)) == schema.NormalText(baseType(is)) && o.Change.Using.Postgres == "" {
		return p.alterColumn(o)
	}
	if was.Computed() && is.Computed() && postgresCast(p.name(o.Column), baseType(was), baseType(is)) != "" {
		before, after := p.without(o.Table, []string{o.Column})
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
	before, after := p.without(o.Table, computed)
	var again []string
	for _, name := range computed {
		c, _ := t.Column(name)
		again = append(again, p.addColumn(&op.AddColumn{Table: o.Table, Column: c})...)
	}
	return slices.Concat(before, p.alterColumn(o), again, after)
}

// without returns what drops the columns, with the foreign keys that point at them, and what gives back all that went
// with them once they are there again.
func (p *postgres) without(table string, columns []string) (before, after []string) {
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
		next, _ := o.Apply(now) // as ReverseAll has applied it
		before = append(before, p.textsOf(o, now, next)...)
		now = next
	}
	for _, o := range restore {
		if _, adds := o.(*op.AddColumn); !adds {
			after = append(after, p.textsOf(o, p.before, p.before)...)
		}
	}
	return before, after
}

// textsOf returns the SQL of an operation between two schemas.
func (p *postgres) textsOf(o op.Operation, before, after schema.Schema) []string {
	inner := &postgres{before: before, after: after, found: p.found}
	var texts []string
	for _, s := range inner.release(o, inner.statements(o)) {
		texts = append(texts, s.SQL)
	}
	if inner.err != nil {
		p.fail(inner.err)
	}
	return texts
}
