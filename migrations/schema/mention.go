package schema

import (
	"slices"
	"strings"
)

// Mentions tells whether the expression names the column. A word before a parenthesis is a function, one before a point
// a table, and one behind a value a keyword.
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

// beforeOperand are the words behind which a value may stand. Behind any other, which is a value itself, there are only
// keywords: DESC, END, IS.
var beforeOperand = strings.Fields("all and any between both by case distinct else escape from glob having ilike in is " +
	"leading like limit match not offset on or regexp returning select similar some symmetric then to trailing using when where zone")

// reserved are keywords that neither database takes for a column without quotes.
var reserved = strings.Fields("all and as case check collate constraint create default deferrable distinct else foreign from " +
	"group having in intersect into is limit not null on or order primary references returning select table then to union " +
	"unique using when where")

// isName tells whether the token stands where a column would.
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

// isTypeOrCollation knows what comes behind ::, CAST(… AS and COLLATE.
func isTypeOrCollation(tokens []Token, i int) bool {
	return i >= 2 && tokens[i-1].Text == ":" && tokens[i-2].Text == ":" || isOneOf(beside(tokens, i, -1), []string{"as", "collate"})
}

func isOneOf(t Token, words []string) bool {
	return t.Kind == WordToken && slices.Contains(words, strings.ToLower(t.Text))
}

// beside answers the next token in a direction that is no space; the zero value if there is none.
func beside(tokens []Token, i, direction int) Token {
	for i += direction; i >= 0 && i < len(tokens); i += direction {
		if tokens[i].Kind != SpaceToken {
			return tokens[i]
		}
	}
	return Token{}
}
