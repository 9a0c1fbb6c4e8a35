package drift

import (
	"strings"

	"guestlist/migrations/schema"
)

// foldCase gives objects of a SQLite database their names in the history if the two differ only in case: SQLite
// compares names without regard to case (hash.c, sqlite3HashFind).
func foldCase(want, got objects) {
	names := map[string]string{}
	for object := range want {
		if _, there := got[object]; !there {
			names[folded(object)] = object
		}
	}
	for object, text := range got {
		name := object
		if _, wanted := want[object]; !wanted {
			if name = names[folded(object)]; name == "" {
				continue
			}
			delete(got, object)
			got[name] = text
		}
		if text != want[name] && folded(want[name]) == folded(text) {
			got[name] = want[name]
		}
	}
}

// rename renames an object whose name differs from the given one only in case.
func (o objects) rename(object string) {
	if _, ok := o[object]; ok {
		return
	}
	for other, text := range o {
		if strings.EqualFold(other, object) {
			delete(o, other)
			o[object] = text
			return
		}
	}
}

// folded returns a text in lower case, except for string literals.
func folded(text string) string {
	var b strings.Builder
	for _, t := range schema.Tokens(text) {
		name, ok := t.Name()
		switch {
		case t.Kind == schema.StringToken:
			b.WriteString(t.Text)
		case ok:
			b.WriteString(strings.ToLower(name))
		default:
			b.WriteString(t.Text)
		}
	}
	return b.String()
}
