package ddl

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// refusal is a condition of rows that must not be there: a database would keep, or make something else of, what the
// other refuses or Go cannot read.
type refusal struct {
	table     string
	column    string
	condition string
	null      bool // what is refused is NULL
}

// changeFirst goes before the query that finds values which a type does not take.
const changeFirst = "change such values first, or say with UsingFor(…) how to convert them; this finds them: "

// refuseRows looks for the rows that are refused.
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
			return hint.New(fmt.Errorf("column %s.%s holds NULL, which a primary key does not take", r.table, r.column),
				"fill it first; this finds the rows: SELECT *"+where)
		default:
			return unfit(r.table, r.column, bad[0], changeFirst+"SELECT *"+where)
		}
	}
	return nil
}

func unfit(table, column, value, advice string) error {
	return hint.New(fmt.Errorf("column %s.%s holds %s, which does not fit the new type", table, column, value), advice)
}

// refuseNull refuses NULL in what becomes a primary key: SQLite takes it there, and fills an integer key by itself.
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
