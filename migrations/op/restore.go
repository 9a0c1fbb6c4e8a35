package op

import "guestlist/migrations/schema"

// restore returns the operations that add the constraints and indexes dropped with a column. Foreign keys come last, as
// they may point at one of the keys.
func restore(t schema.Table, uses schema.Uses) []Operation {
	var back []Operation
	if uses.PrimaryKey {
		back = append(back, &AddPrimaryKey{Table: t.Name, Key: t.PrimaryKey})
	}
	for _, u := range uses.Uniques {
		back = append(back, &AddUnique{Table: t.Name, Unique: u})
	}
	for _, c := range uses.Checks {
		back = append(back, &AddCheck{Table: t.Name, Check: c})
	}
	back = append(back, createIndexes(t.Name, uses.Indexes)...)
	for _, k := range uses.ForeignKeys {
		back = append(back, &AddForeignKey{Table: t.Name, Key: k})
	}
	return back
}
