package autogen

import (
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// insertEach tries to insert one sample row per table: the same 1 everywhere, so that foreign keys find it. Where that
// fails, as by a check, the row holds only what it must; a table that it cannot fill stays empty.
func insertEach(db *gorm.DB, created []op.Operation) {
	for _, o := range created {
		create, ok := o.(*op.CreateTable)
		if !ok {
			continue
		}
		if insertRow(db, create.Table, func(schema.Column) bool { return true }) != nil {
			_ = insertRow(db, create.Table, func(c schema.Column) bool { // an empty table is tried as well as it can be
				return c.NotNull && c.Default.Kind == schema.NoDefault
			})
		}
	}
}

func insertRow(db *gorm.DB, t schema.Table, wanted func(schema.Column) bool) error {
	values := map[string]any{}
	for _, c := range t.Columns {
		if wanted(c) {
			values[c.Name] = sample(c.Type)
		}
	}
	if len(values) == 0 {
		return db.Exec("INSERT INTO " + quote(t.Name) + " DEFAULT VALUES").Error
	}
	return db.Table(t.Name).Create(values).Error
}

// sample is a value for a column of the type.
func sample(t schema.Type) any {
	switch t.Kind {
	case schema.String:
		return "1"
	case schema.Bytes:
		return []byte("1")
	case schema.Time:
		return "2000-01-01 00:00:00+00:00"
	default:
		return 1
	}
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
