package drift

import (
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// renumber takes out the constraints whose names PostgreSQL made up and that are the same but for the numbers at the
// ends of those names: nothing restores the order of columns, on which the numbers depend.
func renumber(history schema.Schema, want, got objects) {
	for _, t := range history.Tables() {
		names := ddl.GeneratedNames(t)
		if len(names) == 0 {
			continue
		}
		prefix := "constraint " + t.Name + "."
		others := map[string]string{}
		for object, text := range got {
			if name, ok := strings.CutPrefix(object, prefix); ok && want[object] != text {
				others[name] = text
			}
		}
		for _, name := range names {
			if text := want[prefix+name]; text != "" && got[prefix+name] != text {
				pairUp(prefix, name, others, want, got)
			}
		}
	}
}

// pairUp takes out a constraint and the one that it is in the database.
func pairUp(prefix, name string, others map[string]string, want, got objects) {
	for other, text := range others {
		if text != want[prefix+name] || !numbered(name, other) {
			continue
		}
		delete(want, prefix+name)
		delete(others, other)
		if got[prefix+other] == text {
			delete(got, prefix+other)
		}
		return
	}
}

// numbered reports whether two names are the same but for numbers at their ends and what was cut off to make room.
func numbered(a, b string) bool {
	parts := func(name string) (base, ending string) {
		name = strings.TrimRight(name, "0123456789")
		i := strings.LastIndex(name, "_")
		return name[:max(i, 0)], name[max(i, 0):]
	}
	aBase, aEnding := parts(a)
	bBase, bEnding := parts(b)
	const room = schema.MaxName - 8 // that is certainly full where something was cut off
	cut := len(a) > room && len(b) > room && (strings.HasPrefix(aBase, bBase) || strings.HasPrefix(bBase, aBase))
	return aEnding == bEnding && (aBase == bBase || cut)
}
