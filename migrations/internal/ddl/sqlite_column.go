package ddl

import (
	"cmp"
	"slices"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// addColumn adds the column in place if SQLite can; see https://www.sqlite.org/lang_altertable.html#altertabaddcol.
func (s sqlite) addColumn(o *op.AddColumn) sqlitePlan {
	if !addsInPlace(o.Column) {
		return s.rebuilds(o.Table)
	}
	return inPlace("ALTER TABLE " + s.table(o.Table) + " ADD COLUMN " + s.column(o.Column))
}

// addsInPlace reports whether SQLite can add the column in place to a table with rows: it cannot if the column has a
// key, or a default to be computed for each row.
func addsInPlace(c schema.Column) bool {
	columnType := strings.ToUpper(sqliteType(c))
	refused := func(words string) bool { return strings.Contains(columnType, words) }
	return c.Default.Kind != schema.ExpressionDefault &&
		!slices.ContainsFunc([]string{"PRIMARY KEY", "UNIQUE", "REFERENCES", "STORED"}, refused)
}

// dropColumn drops the column in place if it is in no key or constraint. Its indexes are dropped first, as in the
// history.
func (s sqlite) dropColumn(o *op.DropColumn) sqlitePlan {
	t, _ := s.before.Table(o.Table)
	uses := t.Uses(o.Column)
	var texts []string
	for _, i := range uses.Indexes {
		texts = append(texts, "DROP INDEX "+s.name(i.Name))
	}
	c, _ := t.Column(o.Column)
	if inConstraint(uses) || len(schema.SplitType(sqliteType(c)).Constraints) > 0 {
		plan := s.rebuilds(o.Table)
		plan.statements = plain(texts...)
		return plan
	}
	return inPlace(append(texts, "ALTER TABLE "+s.table(o.Table)+" DROP COLUMN "+s.name(o.Column))...)
}

func inConstraint(u schema.Uses) bool {
	return u.PrimaryKey || len(u.Uniques)+len(u.Checks)+len(u.ForeignKeys) > 0
}

// conversion is the expression of a column's new value, over the old row, and the storage classes that the value may
// have; none means any.
type conversion struct {
	column     string
	expression string
	storage    []string
}

// alterColumn converts the values as PostgreSQL would. Values without a conversion are copied, and the column's
// affinity converts them if nothing is lost: '42' becomes 42, and 'x' stays and is then refused, while SQLite's CAST
// would make it 0.
func (s sqlite) alterColumn(o *op.AlterColumn) sqlitePlan {
	wasTable, _ := s.before.Table(o.Table)
	isTable, _ := s.after.Table(o.Table)
	was, _ := wasTable.Column(o.Column)
	is, _ := isTable.Column(o.Column)
	name := s.name(o.Column)
	effect := convert.On(schema.SQLite, convert.Column{Name: o.Table + "." + o.Column, SQL: name}, was.Type, is.Type)
	if using := o.Change.Using.SQLite; using != "" {
		return s.rebuilds(o.Table, conversion{column: o.Column, expression: using, storage: effect.Storage})
	}
	plan := s.convertColumn(o, was, is, effect)
	numbers := o.Change.AutoIncrement != nil && *o.Change.AutoIncrement
	if !was.NotNull && numbers { // SQLite would number rows with NULL on its own
		plan.refusals = append(plan.refusals, refusal{table: o.Table, column: o.Column, condition: name + " IS NULL",
			null: true})
	}
	return plan
}

// convertColumn plans a rebuild that converts the values of a column.
func (s sqlite) convertColumn(o *op.AlterColumn, was, is schema.Column, effect convert.Effect) sqlitePlan {
	name := s.name(o.Column)
	var plan sqlitePlan
	if effect.Using == "" && sqliteType(was) == sqliteType(is) {
		plan = s.rebuilds(o.Table)
	} else {
		plan = s.rebuilds(o.Table, conversion{
			column: o.Column, expression: cmp.Or(effect.Using, name), storage: effect.Storage,
		})
	}
	if effect.Fails != "" {
		plan.refusals = append(plan.refusals, refusal{table: o.Table, column: o.Column, condition: effect.Fails})
	}
	return plan
}
