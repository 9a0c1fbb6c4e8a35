package ddl

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// readdForeignKeys drops the foreign keys that may depend on a key or unique index that the operation drops, and adds
// them again after it, so that they depend on another one. PostgreSQL ties a foreign key to one particular index on the
// referenced columns and refuses to drop it; which one that is depends on the order in which the indexes were created,
// which a restored dump does not keep (https://www.postgresql.org/docs/current/ddl-depend.html). A concurrent drop is
// left alone: outside a transaction the foreign key would be missing for a while.
func (p *postgres) readdForeignKeys(o op.Operation, statements []Statement) []Statement {
	table, drops := dropsKey(o)
	if !drops {
		return statements
	}
	was, _ := p.before.Table(table)
	is, _ := p.after.Table(table)
	var before, after []string
	for _, r := range p.after.References(table) {
		columns := r.Key.RefColumns
		left := countKeys(is, columns)
		if left == countKeys(was, columns) {
			continue
		}
		if left == 0 {
			p.fail(fmt.Errorf("%s (%s) is referenced by foreign key %s of table %s: drop that first",
				table, strings.Join(columns, ", "), r.Key.Name, r.Table))
		}
		before = append(before, p.dropConstraint(r.Table, r.Key.Name))
		after = append(after, p.addForeignKey(r.Table, r.Key))
	}
	return slices.Concat(plain(before...), statements, plain(after...))
}

// dropsKey reports whether the operation can drop a key or a unique index, and returns its table.
func dropsKey(o op.Operation) (table string, drops bool) {
	switch o := o.(type) {
	case *op.DropPrimaryKey:
		return o.Table, true
	case *op.DropUnique:
		return o.Table, true
	case *op.DropIndex:
		return o.Table, !o.Concurrent
	case *op.DropColumn: // an index may include the column
		return o.Table, true
	default:
		return "", false
	}
}

// countKeys returns how many keys and unique indexes of the table a foreign key to the columns can depend on.
func countKeys(t schema.Table, columns []string) int {
	keys := 0
	on := func(part schema.Table) {
		if part.IsKey(columns) {
			keys++
		}
	}
	on(schema.Table{PrimaryKey: t.PrimaryKey})
	for _, u := range t.Uniques {
		on(schema.Table{Uniques: []schema.Unique{u}})
	}
	for _, i := range t.Indexes {
		on(schema.Table{Indexes: []schema.Index{i}})
	}
	return keys
}
