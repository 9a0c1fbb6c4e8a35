package ddl

import (
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// createIndex can be repeated if it runs outside a transaction: a revision interrupted after the index was built, but
// before the revision was recorded, is run again.
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
	if !o.Concurrent {
		return plain(text)
	}
	return []Statement{{SQL: text, Outside: true}, {
		SQL: p.verifyIndex(o), Remark: "stop unless the index exists, is valid and is the one wanted", Outside: true,
	}}
}

// dropIndex can be repeated, as createIndex can.
func (p *postgres) dropIndex(o *op.DropIndex) []Statement {
	text := "DROP INDEX "
	if o.Concurrent {
		text += "CONCURRENTLY IF EXISTS "
	}
	return []Statement{{SQL: text + p.qualify(o.Table, o.Index), Outside: o.Concurrent}}
}

// indexKeys copies expressions, collations and orders verbatim, as GORM does.
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
