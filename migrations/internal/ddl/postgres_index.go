package ddl

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// createIndex can be repeated where it has no transaction to undo it: a revision that was stopped after the index was
// there, and before that was written down, is run again.
func (p *postgres) createIndex(o *op.CreateIndex) []Statement {
	text := "CREATE "
	if o.Index.Unique {
		text += "UNIQUE "
	}
	text += "INDEX "
	if o.Concurrent {
		text += "CONCURRENTLY IF NOT EXISTS "
	}
	text += p.name(o.Index.Name) + " ON " + p.table(o.Table)
	if o.Index.Method != "" {
		text += " USING " + o.Index.Method
	}
	text += " (" + strings.Join(indexKeys(o.Index, p.name), ", ") + ")"
	if o.Index.Option != "" {
		text += " " + o.Index.Option
	}
	if o.Index.Where != "" {
		text += " WHERE " + o.Index.Where
	}
	return []Statement{{SQL: text, Outside: o.Concurrent}}
}

// dropIndex can be repeated for the same reason.
func (p *postgres) dropIndex(o *op.DropIndex) []Statement {
	text := "DROP INDEX "
	if o.Concurrent {
		text += "CONCURRENTLY IF EXISTS "
	}
	return []Statement{{SQL: text + p.beside(o.Table, o.Index), Outside: o.Concurrent}}
}

// dropInvalid drops what is left of an index whose concurrent creation was stopped or failed: PostgreSQL keeps it,
// marked invalid, and takes its name for used.
func (p *postgres) dropInvalid(ctx context.Context, conn gorm.ConnPool, o *op.CreateIndex) error {
	index := p.beside(o.Table, o.Index.Name)
	invalid, err := texts(ctx, conn, "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid"+
		" WHERE pg_class.oid = to_regclass($1) AND NOT indisvalid", index)
	if err != nil || len(invalid) == 0 {
		return err
	}
	return executeAll(ctx, conn, plain("DROP INDEX CONCURRENTLY "+index))
}

// indexKeys takes expressions, collations and orders as they are, which is what GORM does.
func indexKeys(i schema.Index, name func(string) string) []string {
	var keys []string
	for _, k := range i.Keys {
		text := k.Expression
		if text == "" {
			text = name(k.Column)
		}
		if k.Collate != "" {
			text += " COLLATE " + k.Collate
		}
		if k.Order != "" {
			text += " " + k.Order
		}
		keys = append(keys, text)
	}
	return keys
}
