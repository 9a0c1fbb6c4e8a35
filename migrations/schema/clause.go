package schema

import (
	"slices"
	"strings"
)

// CutReference returns the table, schema-qualified if written so, and the columns, if any, that a REFERENCES clause
// points at. Unquoted names are lower-cased, as in PostgreSQL.
func CutReference(clause string) (table string, columns []string) {
	tokens := Tokens(clause)
	found := references(tokens)
	if len(found) == 0 {
		return "", nil
	}
	return strings.Join(foldedNames(tokens, found[0].table), "."), foldedNames(tokens, found[0].columns)
}

// foldedNames returns the folded names of the tokens at the positions.
func foldedNames(tokens []Token, at []int) []string {
	var names []string
	for _, i := range at {
		names = append(names, tokens[i].Folded())
	}
	return names
}

// CutClause splits a column constraint into its name, or "", its kind (unique, check, references or primary), and the
// expression of a check.
func CutClause(clause string) (name, kind, expression string) {
	tokens := withoutSpace(clause)
	if len(tokens) > 2 && isOneOf(tokens[0], []string{"constraint"}) {
		name = tokens[1].Folded()
		tokens = tokens[2:]
	}
	kind = strings.ToLower(tokens[0].Text)
	if kind == "check" {
		_, expression = closing(Tokens(clause), 0)
	}
	return name, kind, strings.TrimSpace(expression)
}

// withoutSpace returns the tokens without space and comments.
func withoutSpace(sql string) []Token {
	return slices.DeleteFunc(Tokens(sql), func(t Token) bool { return t.Kind == SpaceToken })
}
