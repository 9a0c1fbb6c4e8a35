package drift

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// primaryKey is the prefix of a primary key's description.
const primaryKey = "PRIMARY KEY "

// adopt replaces descriptions in got with those in want where GORM's AutoMigrate writes the same constraint in a
// different form from a revision.
func adopt(history schema.Schema, want, got objects) {
	wantedKeys, gotKeys := want.primaryKeys(), got.primaryKeys()
	for _, t := range history.Tables() {
		wanted, there := wantedKeys[t.Name], gotKeys[t.Name]
		if there != "" && isJoin(t) && sameColumns(want[wanted], got[there]) {
			got[there] = want[wanted]
		}
		for _, u := range t.Uniques {
			unique := "constraint " + t.Name + "." + u.Name
			if there == unique && want[wanted] == got[there] && want[unique] != "" {
				got[wanted], got[unique] = want[wanted], want[unique]
			}
		}
	}
}

// isJoin reports whether the table looks like the join table of a many-to-many relation, which may have further
// columns: every column of its key references another table. GORM orders the key by the side of the relation that it
// migrates first.
func isJoin(t schema.Table) bool {
	references := func(column string) bool {
		return slices.ContainsFunc(t.ForeignKeys,
			func(k schema.ForeignKey) bool { return slices.Contains(k.Columns, column) })
	}
	key := t.PrimaryKey.Columns
	return len(key) > 1 &&
		(len(key) == len(t.Columns) || !slices.ContainsFunc(key, func(c string) bool { return !references(c) }))
}

// primaryKeys returns the names of the primary key objects, by table.
func (o objects) primaryKeys() map[string]string {
	keys := map[string]string{}
	for object, text := range o {
		name, ok := strings.CutPrefix(object, "constraint ")
		if dot := strings.LastIndex(name, "."); ok && dot > 0 && strings.HasPrefix(text, primaryKey) {
			keys[name[:dot]] = object
		}
	}
	return keys
}

// sameColumns reports whether two keys have the same columns, in any order.
func sameColumns(a, b string) bool {
	columns := func(key string) []string {
		list := strings.TrimSuffix(strings.TrimPrefix(key, primaryKey+"("), ")")
		return slices.Sorted(slices.Values(strings.Split(list, ", ")))
	}
	return slices.Equal(columns(a), columns(b))
}
