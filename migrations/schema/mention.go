package schema

import "strings"

// Mentions tells whether the expression names the column. A word before a parenthesis is a function, and one before
// a point a table.
func Mentions(expression, column string) bool {
	tokens := Tokens(expression)
	for i, t := range tokens {
		if isName(tokens, i) && names(t, column) {
			return true
		}
	}
	return false
}

// names knows that case does not matter without quotes.
func names(t Token, column string) bool {
	name, ok := t.Name()
	if t.Kind == WordToken {
		return ok && strings.EqualFold(name, column)
	}
	return ok && name == column
}

// isName tells whether the token stands where a column would.
func isName(tokens []Token, i int) bool {
	next := nextText(tokens, i)
	return next != "." && (next != "(" || tokens[i].Kind == NameToken)
}

func nextText(tokens []Token, i int) string {
	for _, t := range tokens[i+1:] {
		if t.Kind != SpaceToken {
			return t.Text
		}
	}
	return ""
}
