package schema

import (
	"slices"
	"strings"
)

// Table is a table. Columns are in the order of their creation, which CREATE TABLE follows. Comparison ignores it, as
// no dialect can move a column.
type Table struct {
	Name        string
	Comment     string
	Columns     []Column
	PrimaryKey  PrimaryKey
	Uniques     []Unique
	Checks      []Check
	ForeignKeys []ForeignKey
	Indexes     []Index
}

// Column is a column of a table.
type Column struct {
	Name string
	Type Type
	// NotNull is the declared constraint. On PostgreSQL, a column of the primary key is never NULL either.
	NotNull bool
	Default Default
	// AutoIncrement makes a serial column on PostgreSQL and INTEGER PRIMARY KEY AUTOINCREMENT on SQLite, as GORM does
	// even if the column is not in the model's primary key.
	AutoIncrement bool
	// Generated is the value of GORM's generated tag: "identity", "identity always" or the expression of a stored
	// column. As in GORM, it applies to PostgreSQL only; on SQLite, the column is an ordinary one.
	Generated string
	Comment   string
}

// Column returns the column with that name, and whether it exists.
func (t Table) Column(name string) (Column, bool) {
	return find(t.Columns, func(c Column) bool { return c.Name == name })
}

// Computed reports whether Generated holds an expression rather than an identity.
func (c Column) Computed() bool {
	for word := range strings.FieldsSeq(strings.ToLower(c.Generated)) {
		if !slices.Contains([]string{"identity", "always", "by", "default"}, word) {
			return true
		}
	}
	return false
}

// Expression returns the expression of a generated column, from Generated or from a type such as
// bigint GENERATED ALWAYS AS (a * 2) STORED, or "" for an ordinary column.
func (c Column) Expression() string {
	if c.Computed() {
		return c.Generated
	}
	if c.Type.Kind != Verbatim {
		return ""
	}
	for _, d := range Dialects() {
		if _, expression, ok := CutGenerated(c.Type.For(d)); ok {
			return expression
		}
	}
	return ""
}

// ExpressionOn is like Expression, on one dialect: Generated applies to PostgreSQL only.
func (c Column) ExpressionOn(d Dialect) string {
	switch {
	case d == Postgres && c.Computed():
		return c.Generated
	case c.Type.Kind == Verbatim:
		return SplitType(c.Type.For(d)).Expression
	default:
		return ""
	}
}

// DependsOn reports whether the column is generated from the other one.
func (c Column) DependsOn(column string) bool {
	expression := c.Expression()
	return expression != "" && Mentions(expression, column)
}

// Unique returns the unique constraint with that name, and whether it exists.
func (t Table) Unique(name string) (Unique, bool) {
	return find(t.Uniques, func(u Unique) bool { return u.Name == name })
}

// Check returns the check constraint with that name, and whether it exists.
func (t Table) Check(name string) (Check, bool) {
	return find(t.Checks, func(c Check) bool { return c.Name == name })
}

// ForeignKey returns the foreign key with that name, and whether it exists.
func (t Table) ForeignKey(name string) (ForeignKey, bool) {
	return find(t.ForeignKeys, func(k ForeignKey) bool { return k.Name == name })
}

// Index returns the index with that name, and whether it exists.
func (t Table) Index(name string) (Index, bool) {
	return find(t.Indexes, func(i Index) bool { return i.Name == name })
}

// IndexNames returns the names of the unique constraints and indexes, which share a namespace.
func (t Table) IndexNames() []string {
	var names []string
	for _, u := range t.Uniques {
		names = append(names, u.Name)
	}
	for _, i := range t.Indexes {
		names = append(names, i.Name)
	}
	return names
}

// IsKey reports whether a foreign key can point at the columns: in any order, they are those of the primary key, of a
// unique constraint or of a unique index that is not partial.
func (t Table) IsKey(columns []string) bool {
	wanted := slices.Sorted(slices.Values(columns))
	same := func(key []string) bool { return slices.Equal(slices.Sorted(slices.Values(key)), wanted) }
	return same(t.PrimaryKey.Columns) ||
		slices.ContainsFunc(t.Uniques, func(u Unique) bool { return same(u.Columns) }) ||
		slices.ContainsFunc(t.Indexes, func(i Index) bool { return i.Unique && i.Where == "" && same(i.Columns()) })
}

// Clone returns a copy that shares no memory with t.
func (t Table) Clone() Table {
	t.Columns = slices.Clone(t.Columns)
	t.PrimaryKey.Columns = slices.Clone(t.PrimaryKey.Columns)
	t.Uniques = cloneEach(t.Uniques, Unique.clone)
	t.Checks = slices.Clone(t.Checks)
	t.ForeignKeys = cloneEach(t.ForeignKeys, ForeignKey.clone)
	t.Indexes = cloneEach(t.Indexes, Index.clone)
	return t
}

func find[E any](list []E, matches func(E) bool) (E, bool) {
	if i := slices.IndexFunc(list, matches); i >= 0 {
		return list[i], true
	}
	var none E
	return none, false
}

func cloneEach[E any](list []E, clone func(E) E) []E {
	if list == nil {
		return nil
	}
	copies := make([]E, len(list))
	for i, e := range list {
		copies[i] = clone(e)
	}
	return copies
}
