package diff

import (
	"reflect"
	"slices"

	"guestlist/migrations/schema"
)

// Same reports whether two schemas are the same on every dialect. It is schema.Equal, but does not normalize the tables
// that are written the same way in both.
func Same(a, b schema.Schema) bool { return describe(a, b) == "" }

// describe names a table that differs between the schemas, or returns an empty string.
func describe(want, got schema.Schema) string {
	for _, t := range want.Tables() {
		other, ok := got.Table(t.Name)
		if !ok {
			return "table " + t.Name + " is missing"
		}
		if !SameTable(t, other) {
			return "table " + t.Name + " differs"
		}
	}
	for _, name := range got.Names() {
		if _, ok := want.Table(name); !ok {
			return "table " + name + " is not expected"
		}
	}
	return ""
}

func byName(s schema.Schema) map[string]schema.Table {
	tables := s.Tables()
	named := make(map[string]schema.Table, len(tables))
	for _, t := range tables {
		named[t.Name] = t
	}
	return named
}

// SameTable reports whether two tables are the same on every dialect.
func SameTable(a, b schema.Table) bool {
	return identical(a, b) || reflect.DeepEqual(a.Normal(), b.Normal())
}

// identical reports whether two tables are written the same way. It is fast, as it normalizes nothing.
func identical(a, b schema.Table) bool {
	return a.Name == b.Name && a.Comment == b.Comment &&
		a.PrimaryKey.Name == b.PrimaryKey.Name && slices.Equal(a.PrimaryKey.Columns, b.PrimaryKey.Columns) &&
		slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Checks, b.Checks) &&
		slices.EqualFunc(a.Uniques, b.Uniques, identicalUnique) &&
		slices.EqualFunc(a.ForeignKeys, b.ForeignKeys, identicalKey) &&
		slices.EqualFunc(a.Indexes, b.Indexes, identicalIndex)
}

func identicalUnique(a, b schema.Unique) bool {
	return a.Name == b.Name && slices.Equal(a.Columns, b.Columns)
}

func identicalKey(a, b schema.ForeignKey) bool {
	return a.Name == b.Name && a.RefTable == b.RefTable && a.OnDelete == b.OnDelete && a.OnUpdate == b.OnUpdate &&
		a.NotValid == b.NotValid &&
		slices.Equal(a.Columns, b.Columns) && slices.Equal(a.RefColumns, b.RefColumns)
}

func identicalIndex(a, b schema.Index) bool {
	return a.Name == b.Name && a.Unique == b.Unique && a.Where == b.Where && a.Method == b.Method &&
		a.Option == b.Option && slices.Equal(a.Keys, b.Keys)
}

func sameUnique(a, b schema.Unique) bool { return identicalUnique(a, b) }

func sameCheck(a, b schema.Check) bool { return a == b || a.Normal() == b.Normal() }

func sameKey(a, b schema.ForeignKey) bool {
	return identicalKey(a, b) || identicalKey(a.Normal(), b.Normal())
}

func sameIndex(a, b schema.Index) bool {
	return identicalIndex(a, b) || identicalIndex(a.Normal(), b.Normal())
}

func sameColumn(a, b schema.Column) bool { return a == b || a.Normal() == b.Normal() }
