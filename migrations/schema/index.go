package schema

import (
	"slices"
	"strings"
)

// Index is an index that does not belong to a constraint.
type Index struct {
	Name   string
	Unique bool
	Keys   []IndexKey
	// Where is the condition of a partial index, in SQL.
	Where string
	// Method is what follows USING on PostgreSQL (gin, hash, …); empty means btree. SQLite has no methods.
	Method string
	// Option is SQL after the keys on PostgreSQL, such as WITH (fillfactor = 70).
	Option string
}

// IndexKey is one key of an index: a column or an expression.
type IndexKey struct {
	Column string
	// Expression is SQL in place of a column.
	Expression string
	Collate    string
	// Order is SQL: DESC, DESC NULLS LAST, …; empty means ascending.
	Order string
}

func (i Index) clone() Index {
	i.Keys = slices.Clone(i.Keys)
	return i
}

// Normal returns the index with its texts in their normal form.
func (i Index) Normal() Index {
	i = i.clone()
	for n, k := range i.Keys {
		i.Keys[n] = k.Normal()
	}
	i.Where = NormalText(i.Where)
	i.Option = NormalText(i.Option)
	i.Method = strings.ToLower(i.Method)
	if i.Method == "btree" {
		i.Method = ""
	}
	return i
}

// Normal returns the key with its texts in their normal form. The collation and order of an expression become part of
// it.
func (k IndexKey) Normal() IndexKey {
	k.Order = strings.ToUpper(strings.Join(strings.Fields(k.Order), " "))
	k.Order = strings.TrimSpace(strings.TrimPrefix(k.Order, "ASC"))
	k.Collate = strings.Trim(k.Collate, "\"`")
	if k.Expression == "" {
		return k
	}
	text := k.Expression
	if k.Collate != "" {
		text += " COLLATE " + k.Collate
	}
	return IndexKey{Expression: NormalText(text + " " + k.Order)}
}

// Columns returns the column of each key, "" for an expression.
func (i Index) Columns() []string {
	var columns []string
	for _, k := range i.Keys {
		columns = append(columns, k.Column)
	}
	return columns
}

// Covers reports whether the column is itself a key. Expressions do not count.
func (i Index) Covers(column string) bool {
	return slices.ContainsFunc(i.Keys, func(k IndexKey) bool { return k.Column == column })
}
