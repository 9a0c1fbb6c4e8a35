package diff

import "guestlist/migrations/schema"

// Inherit returns the schema of the models, with what models cannot express copied from the history: table comments and
// the names of primary keys. Without it, the next revision would undo those that a hand-written one has set.
func Inherit(history, models schema.Schema) schema.Schema {
	tables := models.Tables()
	for i, t := range tables {
		if old, ok := history.Table(t.Name); ok {
			t.Comment = inherit(t.Comment, old.Comment)
			if len(t.PrimaryKey.Columns) > 0 {
				t.PrimaryKey.Name = inherit(t.PrimaryKey.Name, old.PrimaryKey.Name)
			}
		}
		tables[i] = t
	}
	return schema.New(tables...)
}

func inherit(own, old string) string {
	if own == "" {
		return old
	}
	return own
}
