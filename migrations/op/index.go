package op

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// CreateIndex creates an index.
type CreateIndex struct {
	Table string
	Index schema.Index
	// Concurrent builds the index without blocking writers. PostgreSQL cannot do so in a transaction.
	Concurrent bool
}

// Key is a key of an index, made by Asc, Desc or Expr.
type Key interface {
	key() schema.IndexKey
}

// ColumnKey is a column as a key of an index, made by Asc or Desc.
type ColumnKey struct {
	indexKey schema.IndexKey
}

// Asc returns a column of an index, ascending.
func Asc(column string) ColumnKey { return ColumnKey{schema.IndexKey{Column: column}} }

// Desc returns a column of an index, descending.
func Desc(column string) ColumnKey { return Asc(column).Order("DESC") }

// Order sets the SQL after the column, such as DESC NULLS LAST.
func (k ColumnKey) Order(order string) ColumnKey {
	k.indexKey.Order = order
	return k
}

// Collate sets the collation, as written in SQL.
func (k ColumnKey) Collate(collation string) ColumnKey {
	k.indexKey.Collate = collation
	return k
}

func (k ColumnKey) key() schema.IndexKey { return k.indexKey }

// key returns the expression, which must be the same on every dialect and may end with an order.
func (e Expression) key() schema.IndexKey { return schema.IndexKey{Expression: e.Postgres} }

// On adds keys: m.CreateIndex("idx_users_email", "users").On(op.Expr("lower(email)"), op.Desc("id")).
func (o *CreateIndex) On(keys ...Key) *CreateIndex {
	for _, k := range keys {
		o.Index.Keys = append(o.Index.Keys, k.key())
	}
	return o
}

// Unique makes the index unique.
func (o *CreateIndex) Unique() *CreateIndex {
	o.Index.Unique = true
	return o
}

// Where makes a partial index, of the rows that meet the condition.
func (o *CreateIndex) Where(condition string) *CreateIndex {
	o.Index.Where = condition
	return o
}

// Using sets PostgreSQL's index method. SQLite has only one.
func (o *CreateIndex) Using(method string) *CreateIndex {
	o.Index.Method = method
	return o
}

// With sets the SQL after the keys on PostgreSQL: NULLS NOT DISTINCT, WITH (fillfactor = 70), INCLUDE (name).
func (o *CreateIndex) With(option string) *CreateIndex {
	o.Index.Option = option
	return o
}

// Concurrently builds the index without blocking writers; on PostgreSQL, the revision then runs without a transaction.
func (o *CreateIndex) Concurrently() *CreateIndex {
	o.Concurrent = true
	return o
}

func (o *CreateIndex) String() string {
	var keys []string
	for _, k := range o.Index.Keys {
		keys = append(keys, strings.TrimSpace(k.Column+k.Expression+" "+strings.ToLower(k.Order)))
	}
	text := fmt.Sprintf("create index %s on %s (%s)", o.Index.Name, o.Table, strings.Join(keys, ", "))
	if o.Index.Unique {
		text = strings.Replace(text, "create index", "create unique index", 1)
	}
	if o.Index.Where != "" {
		text += " where " + o.Index.Where
	}
	return text
}

// Apply adds the index.
func (o *CreateIndex) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) error {
		t.Indexes = append(t.Indexes, o.Index)
		return nil
	})
}

// Reverse drops the index.
func (o *CreateIndex) Reverse(schema.Schema) ([]Operation, error) {
	return []Operation{&DropIndex{Table: o.Table, Index: o.Index.Name, Concurrent: o.Concurrent}}, nil
}

func createIndexes(table string, indexes []schema.Index) []Operation {
	var create []Operation
	for _, i := range indexes {
		create = append(create, &CreateIndex{Table: table, Index: i})
	}
	return create
}

// DropIndex drops an index.
type DropIndex struct {
	Table string
	Index string
	// Concurrent drops the index without blocking writers. PostgreSQL cannot do so in a transaction.
	Concurrent bool
}

// Concurrently drops the index without blocking writers; on PostgreSQL, the revision then runs without a transaction.
func (o *DropIndex) Concurrently() *DropIndex {
	o.Concurrent = true
	return o
}

func (o *DropIndex) String() string { return fmt.Sprintf("drop index %s on %s", o.Index, o.Table) }

// Apply removes the index.
func (o *DropIndex) Apply(before schema.Schema) (schema.Schema, error) {
	return editTable(before, o.Table, func(t *schema.Table) (err error) {
		t.Indexes, err = remove(t.Indexes, "index "+o.Index+" on table "+o.Table,
			func(i schema.Index) bool { return i.Name == o.Index })
		return err
	})
}

// Reverse creates the index.
func (o *DropIndex) Reverse(before schema.Schema) ([]Operation, error) {
	t, err := tableOf(before, o.Table)
	if err != nil {
		return nil, err
	}
	i, ok := t.Index(o.Index)
	if !ok {
		return nil, fmt.Errorf("index %s on table %s does not exist", o.Index, o.Table)
	}
	return []Operation{&CreateIndex{Table: o.Table, Index: i, Concurrent: o.Concurrent}}, nil
}
