package diff

import (
	"slices"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/schema"
)

// keyClasses are the classes whose types PostgreSQL compares with one another in a foreign key; a numeric may point at
// no integer, and a time with a zone at none without.
var keyClasses = []string{"bool", "int", "text", "moment", "bytes"}

// family is the same for two types that a foreign key may be between.
func family(t schema.Type) string {
	if class := convert.Class(t); slices.Contains(keyClasses, class) {
		return class
	}
	return schema.ParseColumnType(t.For(schema.Postgres)).Name
}
