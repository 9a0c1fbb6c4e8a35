package drift

import (
	"strings"

	"guestlist/migrations/internal/ddl"
)

// nameless describes a constraint that no operation finds: they go by names.
const nameless = "without a name of its own"

// names are those of constraints, by the objects that these are, in lower case.
type names map[string]string

// read takes the names from the definition of a table.
func (n names) read(table, create string) {
	for _, c := range ddl.SQLiteConstraints(create) {
		n[strings.ToLower(sqliteConstraint(table, c.Kind, c.Of))] = c.Name
	}
}

// describe adds the names to what is known of the constraints.
func (n names) describe(all objects) {
	for object, text := range all {
		if !isSQLiteConstraint(object) {
			continue
		}
		named := nameless
		if name := n[strings.ToLower(object)]; name != "" {
			named = "named " + name
		}
		if text == "there" {
			all[object] = named
		} else {
			all[object] = text + ", " + named
		}
	}
}

const uniqueObject, foreignObject, checkObject = "unique constraint ", "foreign key ", "check of "

func isSQLiteConstraint(object string) bool {
	return strings.HasPrefix(object, uniqueObject) || strings.HasPrefix(object, foreignObject) ||
		strings.HasPrefix(object, checkObject)
}

// sqliteConstraint returns the name of the object that a constraint is.
func sqliteConstraint(table, kind, of string) string {
	switch kind {
	case "UNIQUE":
		return uniqueObject + table + " (" + of + ")"
	case "FOREIGN":
		return foreignObject + table + " (" + of + ")"
	default:
		return checkObject + table + ": " + of
	}
}
