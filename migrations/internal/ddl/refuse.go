package ddl

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// refusal is a condition that no row may meet: one database would keep or change such values, while the other refuses
// them or Go cannot read them.
type refusal struct {
	table     string
	column    string
	condition string
	null      bool // the condition is that the column is NULL
}

// changeFirst precedes the query that finds values that do not fit a type.
const changeFirst = "change such values first, or convert them with UsingFor(…); this finds them: "

// refuseRows returns an error if a row meets one of the conditions.
func refuseRows(ctx context.Context, conn gorm.ConnPool, d schema.Dialect, refusals []refusal) error {
	show := map[schema.Dialect]string{schema.Postgres: "quote_nullable(%s)", schema.SQLite: "quote(%s)"}[d]
	for _, r := range refusals {
		where := " FROM " + QuoteTable(d, r.table) + " WHERE " + r.condition
		bad, err := texts(ctx, conn, "SELECT "+fmt.Sprintf(show, QuoteName(d, r.column))+where+" LIMIT 1")
		switch {
		case err != nil:
			return err
		case len(bad) == 0:
		case r.null:
			return hint.New(fmt.Errorf("column %s.%s holds NULL, which a primary key does not allow", r.table, r.column),
				"fill them first; this finds them: SELECT *"+where)
		default:
			return unfit(r.table, r.column, bad[0], changeFirst+"SELECT *"+where)
		}
	}
	return nil
}

func unfit(table, column, value, advice string) error {
	return hint.New(fmt.Errorf("column %s.%s holds %s, which does not fit the new type", table, column, value), advice)
}

// refuseNull refuses NULL in the columns of a new primary key: SQLite allows it there, and fills an integer key on its
// own.
func refuseNull(d schema.Dialect, before schema.Schema, o *op.AddPrimaryKey) []refusal {
	t, _ := before.Table(o.Table)
	var all []refusal
	for _, name := range o.Key.Columns {
		if c, _ := t.Column(name); !c.NotNull {
			all = append(all, refusal{table: o.Table, column: name, condition: QuoteName(d, name) + " IS NULL", null: true})
		}
	}
	return all
}
