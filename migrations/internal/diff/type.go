package diff

import (
	"slices"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/schema"
)

// keyClasses are the classes whose types PostgreSQL allows to reference one another. A numeric cannot reference an
// integer, nor a time with a zone one without.
var keyClasses = []string{"bool", "int", "text", "moment", "bytes"}

// family returns the same name for two types if a column of one can reference a column of the other.
func family(t schema.Type) string {
	if class := convert.Class(t); slices.Contains(keyClasses, class) {
		return class
	}
	return schema.ParseColumnType(t.For(schema.Postgres)).Name
}
