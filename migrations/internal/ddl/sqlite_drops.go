package ddl

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// DropsTables reports whether one of the operations drops a table on SQLite, if only to rebuild it. With foreign keys
// on, that would delete the rows that reference it (https://www.sqlite.org/foreignkeys.html#fk_schemacommands). It does
// not look into Go code.
func DropsTables(operations []op.Operation, before schema.Schema) bool {
	for _, o := range operations {
		after, err := o.Apply(before)
		if err != nil {
			return true // it fails anyway
		}
		switch o := o.(type) {
		case *op.DropTable:
			return true
		case *op.SQL:
			if DropsTablesText(o.Text.SQLite) {
				return true
			}
		default:
			plan, err := sqlite{before: before, after: after}.plan(o)
			if err != nil || plan.rebuild != nil {
				return true
			}
		}
		before = after
	}
	return false
}

// DropsTablesText reports whether a statement in the SQL text drops a table on SQLite.
func DropsTablesText(text string) bool {
	statements, err := splitLexemes(schema.SQLite, text)
	if err != nil {
		return true // it fails anyway
	}
	for _, s := range statements {
		lexemes := significant(s)
		if len(lexemes) > 1 && lexemes[0].is("DROP") && lexemes[1].is("TABLE") {
			return true
		}
	}
	return false
}
