package diff

import (
	"maps"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// inline warns of the constraints written inside a column's new type: UNIQUE, CHECK (a > 0), REFERENCES users. They
// apply to the values after the operation.
func (w *watch) inline(o op.Operation, table string, was, is schema.Column) []Warning {
	later := *w
	later.met, later.unique = maps.Clone(w.met), maps.Clone(w.unique)
	later.empty, later.values, later.filled = maps.Clone(w.empty), maps.Clone(w.values), maps.Clone(w.filled)
	later.see(o)
	postgres, sqlite := newClauses(was, is, schema.Postgres), newClauses(was, is, schema.SQLite)
	var all []Warning
	for _, clause := range postgres {
		for _, warning := range later.clause(table, is.Name, clause) {
			if !hasClause(sqlite, clause) {
				warning.Only = schema.Postgres
			}
			all = append(all, warning)
		}
	}
	for _, clause := range sqlite {
		if hasClause(postgres, clause) {
			continue
		}
		for _, warning := range later.clause(table, is.Name, clause) {
			warning.Only = schema.SQLite
			all = append(all, warning)
		}
	}
	return all
}

// newClauses returns the constraints inside the column's type on a database that were not there before.
func newClauses(was, is schema.Column, d schema.Dialect) []string {
	clauses := func(c schema.Column) []string {
		if c.Type.Kind != schema.Verbatim {
			return nil
		}
		return schema.SplitType(c.Type.For(d)).Constraints
	}
	return slices.DeleteFunc(clauses(is), func(clause string) bool { return hasClause(clauses(was), clause) })
}

func hasClause(list []string, clause string) bool {
	same := func(other string) bool { return schema.NormalText(other) == schema.NormalText(clause) }
	return slices.ContainsFunc(list, same)
}

// clause warns of the constraint that a clause creates, by the name that PostgreSQL generates.
func (w *watch) clause(table, column, clause string) []Warning {
	name, kind, expression := schema.CutClause(clause)
	named := func(ending string) string {
		if name != "" {
			return name
		}
		return schema.ObjectName(table[strings.LastIndex(table, ".")+1:], column, ending)
	}
	switch kind {
	case "unique":
		return w.uniqueOn(table, keyOn([]string{column}), "the unique constraint "+named("key"))
	case "check":
		return w.check(&op.AddCheck{Table: table, Check: schema.Check{Name: named("check"), Expression: expression}})
	case "references":
		target, columns := schema.CutReference(clause)
		other, exists := w.schema.Table(target)
		if len(columns) == 0 {
			columns = other.PrimaryKey.Columns
		}
		if !exists || len(columns) != 1 {
			return nil
		}
		key := schema.ForeignKey{Name: named("fkey"), Columns: []string{column}, RefTable: target, RefColumns: columns}
		return w.foreignKey(&op.AddForeignKey{Table: table, Key: key})
	default:
		return nil
	}
}
