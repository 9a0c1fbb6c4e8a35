package schema

import "strings"

// CutGenerated cuts the generation clause out of a column type such as bigint GENERATED ALWAYS AS (a * 2) STORED, and
// returns the rest, the expression, and whether there is one. On SQLite, GENERATED ALWAYS and STORED are optional.
func CutGenerated(columnType string) (rest, expression string, ok bool) {
	tokens := Tokens(columnType)
	for i, t := range tokens {
		if !isOneOf(t, []string{"as"}) || neighbor(tokens, i, 1).Text != "(" {
			continue
		}
		end, inner := closing(tokens, i+1)
		before := strings.TrimSpace(join(tokens[:i]))
		before = trimWord(trimWord(before, "always"), "generated")
		after := strings.TrimSpace(join(tokens[end:]))
		for _, word := range []string{"stored", "virtual"} {
			if len(after) >= len(word) && strings.EqualFold(after[:len(word)], word) {
				after = after[len(word):]
			}
		}
		return strings.TrimSpace(before + " " + strings.TrimSpace(after)), strings.TrimSpace(inner), true
	}
	return columnType, "", false
}

// closing returns the text inside the next pair of parentheses, and the position after it; without such a pair, "" and
// len(tokens).
func closing(tokens []Token, from int) (end int, inner string) {
	depth, start := 0, len(tokens)
	for i := from; i < len(tokens); i++ {
		switch tokens[i].Text {
		case "(":
			if depth++; depth == 1 {
				start = i + 1
			}
		case ")":
			if depth--; depth == 0 {
				return i + 1, join(tokens[start:i])
			}
		}
	}
	return len(tokens), join(tokens[start:])
}

func trimWord(text, word string) string {
	if n := len(text) - len(word); n >= 0 && strings.EqualFold(text[n:], word) {
		return strings.TrimSpace(text[:n])
	}
	return text
}

func join(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}
