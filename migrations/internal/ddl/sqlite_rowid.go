package ddl

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// rowidOf returns the name by which to copy the rowids of a table into its replacement. It is empty if either has no
// rowid, or if a column that is copied anyway is the rowid (https://www.sqlite.org/rowidtable.html).
func rowidOf(from, to definition, columns []string) string {
	if from.withoutRowid() || to.withoutRowid() || to.hasIntegerKey() {
		return ""
	}
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		taken := func(c string) bool { return strings.EqualFold(c, name) }
		if !slices.ContainsFunc(columns, taken) && from.find(columnKey+name) < 0 && to.find(columnKey+name) < 0 {
			return name
		}
	}
	return ""
}

func (d definition) withoutRowid() bool {
	return slices.ContainsFunc(schema.Tokens(d.tail), func(t schema.Token) bool {
		return t.Kind == schema.WordToken && strings.EqualFold(t.Text, "rowid")
	})
}

// hasIntegerKey reports whether a column is the rowid: it alone is the primary key, and its type is exactly INTEGER
// (https://www.sqlite.org/lang_createtable.html#rowid). A key declared DESC with its column is not.
func (d definition) hasIntegerKey() bool {
	key := d.keyColumn()
	for _, i := range d.items {
		name, ok := strings.CutPrefix(i.key, columnKey)
		if !ok {
			continue
		}
		tokens := significantTokens(i.text)
		if len(tokens) < 2 || !isWord(tokens[1], "integer") || len(tokens) > 2 && !endsType(tokens[2]) {
			continue
		}
		if name == key || hasKey(tokens) {
			return true
		}
	}
	return false
}

// keyColumn returns the column of a single-column primary key declared as a table constraint, or an empty string. The
// key of a column has no parentheses.
func (d definition) keyColumn() string {
	for _, i := range d.items {
		tokens := significantTokens(i.text)
		for n := 0; n+4 < len(tokens); n++ {
			if isWord(tokens[n], "primary") && isWord(tokens[n+1], "key") && tokens[n+2].Text == "(" &&
				slices.IndexFunc(tokens[n+3:], isComma) < 0 {
				name, _ := tokens[n+3].Name()
				return strings.ToLower(name)
			}
		}
	}
	return ""
}

func isComma(t schema.Token) bool { return t.Text == "," }

// hasKey reports whether a column's definition makes it an ascending primary key.
func hasKey(tokens []schema.Token) bool {
	for n := 2; n+1 < len(tokens); n++ {
		if isWord(tokens[n], "primary") && isWord(tokens[n+1], "key") {
			return n+2 >= len(tokens) || !isWord(tokens[n+2], "desc")
		}
	}
	return false
}

// endsType reports whether a token after the first word of a type ends the type.
func endsType(t schema.Token) bool {
	const words = "constraint primary not null unique check default collate references generated as"
	return slices.ContainsFunc(strings.Fields(words), func(word string) bool { return isWord(t, word) })
}

func isWord(t schema.Token, word string) bool {
	return t.Kind == schema.WordToken && strings.EqualFold(t.Text, word)
}

// significantTokens returns the tokens of the text without space and comments.
func significantTokens(text string) []schema.Token {
	return slices.DeleteFunc(schema.Tokens(text), func(t schema.Token) bool { return t.Kind == schema.SpaceToken })
}
