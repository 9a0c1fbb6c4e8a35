package diff

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/names"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Losses follows revisions in the order in which they run, and returns warnings about the rows that they lose or that
// make them fail.
type Losses struct {
	watch   *watch
	former  *names.Tracker
	dialect schema.Dialect
}

// FollowLosses returns the Losses of revisions on a database of the dialect, starting from the schema before the first
// one. The queries of the warnings can be executed on the database before the first one.
func FollowLosses(before schema.Schema, d schema.Dialect) Losses {
	return Losses{newWatch(before), names.New(), d}
}

// Upgrade returns the operations of the next revision with their warnings.
func (l Losses) Upgrade(operations []op.Operation) []Step { return l.next(operations, l.watch.about) }

// Downgrade is Upgrade for a downgrade. It does not warn of dropped tables and columns, as a downgrade is meant to drop
// what the upgrade added.
func (l Losses) Downgrade(operations []op.Operation) []Step {
	return l.next(operations, func(o op.Operation) []Warning {
		if drops(o) {
			return nil
		}
		return l.watch.about(o)
	})
}

// next returns the steps of a revision. After SQL or Go code, which may have prepared the rows, it warns only of
// losses.
func (l Losses) next(operations []op.Operation, about func(op.Operation) []Warning) []Step {
	l.watch.begin(operations)
	steps := make([]Step, 0, len(operations))
	prepared := false
	for _, o := range operations {
		step := Step{Operation: o}
		warnings := about(o)
		if alter, ok := o.(*op.AlterColumn); ok && prepared {
			warnings = l.watch.retype(alter)
		} else if prepared && !drops(o) {
			warnings = nil
		}
		for _, w := range warnings {
			if w, concerns := w.On(l.dialect); concerns {
				w.Query = schema.Both(l.query(o, w.Query.For(l.dialect)))
				step.Warnings = append(step.Warnings, w)
			}
		}
		switch o.(type) {
		case *op.SQL, *op.Run:
			prepared = true
		}
		steps = append(steps, step)
		l.watch.see(o)
		l.former.Follow(o)
	}
	return steps
}

// query returns the query of a warning about an operation so that it reads the tables and columns that earlier
// operations rename by their former names. It returns none about a column that earlier operations add: the database has
// no values of it.
func (l Losses) query(o op.Operation, query string) string {
	if alter, ok := o.(*op.AlterColumn); ok && l.adds(alter.Table, alter.Column) {
		return ""
	}
	var renamed []string
	for _, t := range l.watch.schema.Tables() {
		if l.former.Renamed(t.Name) && schema.Mentions(query, t.Name) {
			renamed = append(renamed, l.formerTable(t))
		}
	}
	if len(renamed) == 0 {
		return query
	}
	return "WITH " + strings.Join(renamed, ", ") + " " + query
}

// adds reports whether earlier operations add the column or its table.
func (l Losses) adds(table, column string) bool {
	return l.former.Table(table) == "" || l.former.Column(table, column) == ""
}

// formerTable returns the definition of a common table expression by which a query can read a renamed table, or one
// with renamed columns. It cannot have the name of a table in another schema: such a query fails.
func (l Losses) formerTable(t schema.Table) string {
	var columns []string
	for _, c := range t.Columns {
		switch former := l.former.Column(t.Name, c.Name); former {
		case "": // earlier operations add it
		case c.Name:
			columns = append(columns, plainName(c.Name))
		default:
			columns = append(columns, plainName(former)+" AS "+plainName(c.Name))
		}
	}
	from := plainTable(l.former.Table(t.Name))
	if l.dialect == schema.SQLite { // without the schema, SQLite refuses an expression that reads a table of the same name
		from = "main." + from
	}
	return fmt.Sprintf("%s AS (SELECT %s FROM %s)", plainName(t.Name), strings.Join(columns, ", "), from)
}
