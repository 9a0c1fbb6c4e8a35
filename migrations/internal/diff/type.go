package diff

import (
	"guestlist/migrations/internal/convert"
	"guestlist/migrations/schema"
)

// family returns the class of a type; PostgreSQL compares the types of one in a foreign key.
func family(t schema.Type) string {
	if class := convert.Class(t); class != "number" {
		return class
	}
	return "int"
}
