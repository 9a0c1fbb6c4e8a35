package ddl

import (
	"slices"
	"strings"

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
	if bound(uses) || strings.Contains(strings.ToUpper(sqliteType(c)), "PRIMARY KEY") {
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

func (s sqlite) alterColumn(o *op.AlterColumn) sqlitePlan {
	wasTable, _ := s.before.Table(o.Table)
	isTable, _ := s.after.Table(o.Table)
	was, _ := wasTable.Column(o.Column)
	is, _ := isTable.Column(o.Column)
	using := o.Change.Using.SQLite
	if using == "" && sqliteType(was) == sqliteType(is) {
		return s.rebuilds(o.Table)
	}
	if using == "" {
		using = sqliteCast(s.name(o.Column), was.Type.Kind, is.Type.Kind)
	}
	return s.rebuilds(o.Table, conversion{column: o.Column, expression: using, storage: storageOf(is.Type.Kind)})
}

// sqliteCast returns what PostgreSQL would make of the value. Otherwise the value is copied and the affinity of the
// column converts it, if nothing is lost: that turns '42' into 42 and leaves 'x', which is then refused, where
// SQLite's CAST would turn it into 0.
func sqliteCast(column string, was, is schema.Kind) string {
	switch {
	case was == schema.Bool && is == schema.String:
		return "CASE " + column + " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE " + column + " END"
	case was == schema.String && is == schema.Bool:
		return "CASE WHEN lower(" + column + ") IN ('true', 't', 'yes', 'y', 'on') THEN 1" +
			" WHEN lower(" + column + ") IN ('false', 'f', 'no', 'n', 'off') THEN 0 ELSE " + column + " END"
	case is == schema.Bool && (was == schema.Int || was == schema.Uint || was == schema.Float):
		return column + " <> 0"
	case was == schema.Bytes && is == schema.String:
		return "CAST(" + column + " AS text)"
	case was == schema.String && is == schema.Bytes:
		return "CAST(" + column + " AS blob)"
	default:
		return column
	}
}

// storageOf returns the storage classes of values that PostgreSQL would accept.
func storageOf(k schema.Kind) []string {
	switch k {
	case schema.Bool, schema.Int, schema.Uint:
		return []string{"null", "integer"}
	case schema.Float:
		return []string{"null", "integer", "real"}
	default:
		return nil
	}
}
