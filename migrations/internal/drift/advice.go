package drift

import (
	"strings"

	"guestlist/migrations/schema"
)

// Advice says what to do about constraints that have another name or none, because operations find constraints by name.
// It returns "" if there are none.
func Advice(differences []Difference) string {
	const why = "a revision finds a constraint by its name: "
	for _, missing := range differences {
		if missing.Want != "" && strings.HasSuffix(missing.Got, nameless) {
			return why + "rebuild the table with the names (CREATE TABLE ..., CONSTRAINT <name> ..., " +
				"copy the rows, drop the old table and rename the new one)"
		}
		if missing.Got != "" {
			continue
		}
		for _, other := range differences {
			if table, from, to, ok := renamed(other, missing); ok {
				return why + "ALTER TABLE " + table + " RENAME CONSTRAINT " + from + " TO " + to
			}
		}
	}
	return ""
}

// renamed reports whether other is the missing PostgreSQL constraint under another name.
func renamed(other, missing Difference) (table, from, to string, ok bool) {
	const prefix = "constraint "
	if other.Want != "" || other.Got != missing.Want {
		return "", "", "", false
	}
	there, isThere := strings.CutPrefix(other.Object, prefix)
	wanted, isWanted := strings.CutPrefix(missing.Object, prefix)
	i, j := strings.LastIndex(there, "."), strings.LastIndex(wanted, ".")
	if !isThere || !isWanted || i < 0 || j < 0 || there[:i] != wanted[:j] {
		return "", "", "", false
	}
	return quoted(there[:i]), quoted(there[i+1:]), quoted(wanted[j+1:]), true
}

// quoted quotes a name, which may have a schema before a dot, where SQL needs it.
func quoted(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = schema.NormalText(`"` + strings.ReplaceAll(p, `"`, `""`) + `"`)
	}
	return strings.Join(parts, ".")
}
