package ddl

import (
	"cmp"
	"slices"
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// addColumn adds in place what SQLite can; see https://www.sqlite.org/lang_altertable.html#altertabaddcol.
func (s sqlite) addColumn(o *op.AddColumn) sqlitePlan {
	if !addsInPlace(o.Column) {
		return s.rebuilds(o.Table)
	}
	return does("ALTER TABLE " + s.table(o.Table) + " ADD COLUMN " + s.column(o.Column))
}

// addsInPlace is false for what SQLite refuses, or refuses in a table with rows: keys, and defaults that it would
// have to compute for each row.
func addsInPlace(c schema.Column) bool {
	columnType := strings.ToUpper(sqliteType(c))
	refused := func(words string) bool { return strings.Contains(columnType, words) }
	return c.Default.Kind != schema.ExpressionDefault &&
		!slices.ContainsFunc([]string{"PRIMARY KEY", "UNIQUE", "REFERENCES", "STORED"}, refused)
}

// dropColumn drops in place what is part of no key or constraint. Its indexes go first, as the history has it.
func (s sqlite) dropColumn(o *op.DropColumn) sqlitePlan {
	t, _ := s.before.Table(o.Table)
	uses := t.Uses(o.Column)
	var texts []string
	for _, i := range uses.Indexes {
		texts = append(texts, "DROP INDEX "+s.name(i.Name))
	}
	c, _ := t.Column(o.Column)
	if bound(uses) || len(schema.SplitType(sqliteType(c)).Constraints) > 0 {
		plan := s.rebuilds(o.Table)
		plan.statements = plain(texts...)
		return plan
	}
	return does(append(texts, "ALTER TABLE "+s.table(o.Table)+" DROP COLUMN "+s.name(o.Column))...)
}

func bound(u schema.Uses) bool {
	return u.PrimaryKey || len(u.Uniques)+len(u.Checks)+len(u.ForeignKeys) > 0
}

// conversion is the expression that makes a column's new value of the old row, and the storage classes that it may
// then have; none means any.
type conversion struct {
	column     string
	expression string
	storage    []string
}

// alterColumn makes of the values what PostgreSQL would. What convert does not make is copied, and the affinity of the
// column converts it if nothing is lost: that turns '42' into 42 and leaves 'x', which is then refused, where SQLite's
// CAST would turn it into 0.
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
	if !was.NotNull && o.Change.AutoIncrement != nil && *o.Change.AutoIncrement { // or SQLite numbers such rows by itself
		plan.refusals = append(plan.refusals, refusal{table: o.Table, column: o.Column, condition: name + " IS NULL",
			null: true})
	}
	return plan
}

// convertColumn rebuilds the table with what the values of a column become.
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
