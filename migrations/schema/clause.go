package schema

import (
	"slices"
	"strings"
)

// CutReference returns the table that a REFERENCES points at, with its schema where it has one, and the columns where
// they are named. PostgreSQL takes names without quotes in lower case.
func CutReference(clause string) (table string, columns []string) {
	tokens := Tokens(clause)
	found := references(tokens)
	if len(found) == 0 {
		return "", nil
	}
	return strings.Join(folded(tokens, found[0].table), "."), folded(tokens, found[0].columns)
}

// folded returns the names at the places.
func folded(tokens []Token, at []int) []string {
	var names []string
	for _, i := range at {
		names = append(names, tokens[i].Folded())
	}
	return names
}

// CutClause takes a constraint of a column apart: its name, if it has one, its kind (unique, check, references or
// primary), and the expression of a check.
func CutClause(clause string) (name, kind, expression string) {
	tokens := solid(clause)
	if len(tokens) > 2 && isOneOf(tokens[0], []string{"constraint"}) {
		name = tokens[1].Folded()
		tokens = tokens[2:]
	}
	kind = strings.ToLower(tokens[0].Text)
	if kind == "check" {
		all := Tokens(clause)
		_, expression = closing(all, slices.IndexFunc(all, func(t Token) bool { return t.Text == "(" }))
	}
	return name, kind, strings.TrimSpace(expression)
}

// solid returns the tokens without space and comments.
func solid(sql string) []Token {
	return slices.DeleteFunc(Tokens(sql), func(t Token) bool { return t.Kind == SpaceToken })
}
