package drift

import (
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// ignoreNumbers removes constraints that PostgreSQL named and whose names differ only in the number at the end: the
// numbers depend on the order of columns, which a downgrade does not restore.
func ignoreNumbers(history schema.Schema, want, got objects) {
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
				removePair(prefix, name, others, want, got)
			}
		}
	}
}

// removePair removes a constraint of the history and its counterpart in the database.
func removePair(prefix, name string, others map[string]string, want, got objects) {
	for other, text := range others {
		if text != want[prefix+name] || !differInNumber(name, other) {
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

// differInNumber reports whether two names differ only in the number at the end and in what was cut off to make room
// for it.
func differInNumber(a, b string) bool {
	parts := func(name string) (base, ending string) {
		name = strings.TrimRight(name, "0123456789")
		i := strings.LastIndex(name, "_")
		return name[:max(i, 0)], name[max(i, 0):]
	}
	aBase, aEnding := parts(a)
	bBase, bEnding := parts(b)
	const room = schema.MaxName - 8 // a truncated name is longer than this
	cut := len(a) > room && len(b) > room && (strings.HasPrefix(aBase, bBase) || strings.HasPrefix(bBase, aBase))
	return aEnding == bEnding && (aBase == bBase || cut)
}
