package drift

import (
	"strings"

	"guestlist/migrations/internal/ddl"
)

// nameless describes a constraint without a name, which operations cannot find.
const nameless = "without a name of its own"

// names maps constraint objects, in lower case, to the names of the constraints.
type names map[string]string

// read adds the names in the CREATE statement of a table.
func (n names) read(table, create string) {
	for _, c := range ddl.SQLiteConstraints(create) {
		n[strings.ToLower(sqliteConstraint(table, c.Kind, c.Of))] = c.Name
	}
}

// describe adds the names to the descriptions of constraints.
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

// sqliteConstraint returns the object name of a constraint.
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
