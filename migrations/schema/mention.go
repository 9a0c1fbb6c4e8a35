package schema

import (
	"slices"
	"strings"
)

// Mentions reports whether the expression names the column. A word before a parenthesis is a function, one before a
// point a table, and one after a value a keyword.
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

// beforeOperand are the words that a value may follow. After any other, which is a value itself, there are only
// keywords: DESC, END, IS.
var beforeOperand = strings.Fields("all and any between both by case distinct else escape from glob having ilike " +
	"in is leading like limit match not offset on or regexp returning select similar some symmetric then to trailing " +
	"using when where zone")

// reserved are keywords that neither database takes for a column without quotes.
var reserved = strings.Fields("all and as case check collate constraint create default deferrable distinct " +
	"else foreign from group having in intersect into is limit not null on or order primary references returning select " +
	"table then to union unique using when where")

// isName reports whether the token stands where a column would.
func isName(tokens []Token, i int) bool {
	before, next := beside(tokens, i, -1), beside(tokens, i, 1)
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

// isTypeOrCollation knows what comes after ::, CAST(… AS and COLLATE.
func isTypeOrCollation(tokens []Token, i int) bool {
	cast := i >= 2 && tokens[i-1].Text == ":" && tokens[i-2].Text == ":"
	return cast || isOneOf(beside(tokens, i, -1), []string{"as", "collate"})
}

func isOneOf(t Token, words []string) bool {
	return t.Kind == WordToken && slices.Contains(words, strings.ToLower(t.Text))
}

// beside returns the next token in a direction that is no space; the zero value if there is none.
func beside(tokens []Token, i, direction int) Token {
	for i += direction; i >= 0 && i < len(tokens); i += direction {
		if tokens[i].Kind != SpaceToken {
			return tokens[i]
		}
	}
	return Token{}
}
