package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// isTrue reports whether an expression is known to be true: comparisons of number and string literals, joined by AND,
// that all hold. It returns false for any other expression.
func isTrue(expression string) bool {
	words := schema.Tokens(schema.NormalText(expression))
	words = slices.DeleteFunc(words, func(t schema.Token) bool { return t.Kind == schema.SpaceToken })
	for {
		end := slices.IndexFunc(words, func(t schema.Token) bool { return t.Text == "and" })
		if end < 0 {
			return holds(words)
		}
		if !holds(words[:end]) {
			return false
		}
		words = words[end+1:]
	}
}

// holds reports whether a comparison is known to be true, such as 2 < 3.
func holds(comparison []schema.Token) bool {
	isSymbol := func(t schema.Token) bool { return t.Kind == schema.SymbolToken && strings.ContainsAny(t.Text, "<>=!") }
	start := slices.IndexFunc(comparison, isSymbol)
	if start < 0 {
		return false
	}
	operator, rest := "", comparison[start:]
	for len(rest) > 0 && isSymbol(rest[0]) {
		operator, rest = operator+rest[0].Text, rest[1:]
	}
	left, right := joined(comparison[:start]), joined(rest)
	a, first := strconv.ParseFloat(left, 64)
	b, second := strconv.ParseFloat(right, 64)
	switch isString := func(s string) bool { return len(s) > 1 && s[0] == '\'' }; {
	case first == nil && second == nil:
		return ordered(operator, cmp.Compare(a, b))
	case isString(left) && isString(right):
		return operator == "=" && left == right || (operator == "<>" || operator == "!=") && left != right
	default:
		return false
	}
}

// ordered reports whether a comparison with the operator holds for two numbers whose cmp.Compare is order.
func ordered(operator string, order int) bool {
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<>", "!=":
		return order != 0
	default:
		return operator == "=" && order == 0
	}
}

func joined(tokens []schema.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}
