package schema

import (
	"slices"
	"strings"
)

// Mentions reports whether the expression names the column. A word before a parenthesis is a function, a word before a
// dot a table, and a word after a value a keyword.
func Mentions(expression, column string) bool {
	tokens := Tokens(expression)
	for i, t := range tokens {
		if isColumnName(tokens, i) && hasName(t, column) {
			return true
		}
	}
	return false
}

// hasName reports whether the token names the column; unless it is quoted, case does not matter.
func hasName(t Token, column string) bool {
	name, ok := t.Name()
	if t.Kind == WordToken {
		return ok && strings.EqualFold(name, column)
	}
	return ok && name == column
}

// beforeOperand are the words that a value may follow. Any other word is a value, which only a keyword may follow:
// DESC, END, IS.
var beforeOperand = strings.Fields("all and any between both by case distinct else escape for from glob having ilike " +
	"in is leading like limit match not offset on or passing placing regexp returning select similar some symmetric " +
	"then to trailing using variadic when where zone")

// reserved are keywords that are not column names on either database unless quoted.
var reserved = strings.Fields("all and as case check collate constraint create default deferrable distinct " +
	"else foreign from group having in intersect into is limit not null on or order primary references returning select " +
	"table then to union unique using when where")

// isColumnName reports whether the token is in the position of a column name.
func isColumnName(tokens []Token, i int) bool {
	before, next := neighbor(tokens, i, -1), neighbor(tokens, i, 1)
	if next.Text == "." || isTypeOrCollation(tokens, i) {
		return false
	}
	if tokens[i].Kind != WordToken {
		return true
	}
	operand := before.Kind == NameToken || before.Kind == StringToken || before.Text == ")" || before.Text == "]" ||
		before.Kind == WordToken && !isOneOf(before, beforeOperand)
	return next.Text != "(" && next.Kind != StringToken && !operand && !isOneOf(tokens[i], reserved)
}

// isTypeOrCollation reports whether the token follows ::, AS (as in CAST) or COLLATE.
func isTypeOrCollation(tokens []Token, i int) bool {
	cast := i >= 2 && tokens[i-1].Text == ":" && tokens[i-2].Text == ":"
	return cast || isOneOf(neighbor(tokens, i, -1), []string{"as", "collate"})
}

func isOneOf(t Token, words []string) bool {
	return t.Kind == WordToken && slices.Contains(words, strings.ToLower(t.Text))
}

// neighbor returns the nearest token in the direction (1 or -1) that is not space, or the zero value.
func neighbor(tokens []Token, i, direction int) Token {
	for i += direction; i >= 0 && i < len(tokens); i += direction {
		if tokens[i].Kind != SpaceToken {
			return tokens[i]
		}
	}
	return Token{}
}
