package drift

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// primaryKey is what the description of a primary key begins with.
const primaryKey = "PRIMARY KEY "

// adopt describes as it should be what GORM's AutoMigrate makes in another way than a revision does, though it means
// the same.
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

// isJoin reports whether the table is like the join table of a many-to-many relation, which may have columns of its
// own: every column of its key points at another table. GORM makes the key in the order of the side of the relation
// that it comes to first.
func isJoin(t schema.Table) bool {
	points := func(column string) bool {
		return slices.ContainsFunc(t.ForeignKeys,
			func(k schema.ForeignKey) bool { return slices.Contains(k.Columns, column) })
	}
	key := t.PrimaryKey.Columns
	return len(key) > 1 &&
		(len(key) == len(t.Columns) || !slices.ContainsFunc(key, func(c string) bool { return !points(c) }))
}

// primaryKeys returns the objects that are primary keys, by table.
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

// sameColumns reports whether two keys are of the same columns, in any order.
func sameColumns(a, b string) bool {
	columns := func(key string) []string {
		list := strings.TrimSuffix(strings.TrimPrefix(key, primaryKey+"("), ")")
		return slices.Sorted(slices.Values(strings.Split(list, ", ")))
	}
	return slices.Equal(columns(a), columns(b))
}
