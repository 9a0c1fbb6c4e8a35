package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// reader reads the words of a statement, without comments and spaces.
type reader struct {
	tokens []schema.Token
}

func read(sql string) *reader {
	tokens := schema.Tokens(sql)
	return &reader{slices.DeleteFunc(tokens, func(t schema.Token) bool { return t.Kind == schema.SpaceToken })}
}

// next reports whether the words come next.
func (r *reader) next(words ...string) bool {
	if len(r.tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if r.tokens[i].Kind == schema.NameToken || !strings.EqualFold(r.tokens[i].Text, w) {
			return false
		}
	}
	return true
}

// accept reads the words if they come next, and reports whether they did.
func (r *reader) accept(words ...string) bool {
	if !r.next(words...) {
		return false
	}
	r.tokens = r.tokens[len(words):]
	return true
}

// any reads the first of the alternatives that comes next and returns it, or "".
func (r *reader) any(words ...string) string {
	for _, w := range words {
		if r.accept(strings.Fields(w)...) {
			return w
		}
	}
	return ""
}

// name reads a name, with its schema and a dot if it has one. As in PostgreSQL, a name without quotes is in lower case.
func (r *reader) name() string {
	var parts []string
	for len(r.tokens) > 0 {
		name, ok := r.tokens[0].Name()
		if !ok {
			break
		}
		if r.tokens[0].Kind == schema.WordToken {
			name = strings.ToLower(name)
		}
		parts, r.tokens = append(parts, name), r.tokens[1:]
		if !r.accept(".") {
			break
		}
	}
	return strings.TrimPrefix(strings.Join(parts, "."), "public.")
}

// skipTo skips past the word, ignoring those inside parentheses, and reports whether it found it.
func (r *reader) skipTo(word string) bool {
	depth := 0
	for i, t := range r.tokens {
		switch t.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 && t.Kind == schema.WordToken && strings.EqualFold(t.Text, word) {
			r.tokens = r.tokens[i+1:]
			return true
		}
	}
	return false
}

// has reports whether the words occur in the rest.
func (r *reader) has(words ...string) bool {
	for i := range r.tokens {
		if (&reader{r.tokens[i:]}).next(words...) {
			return true
		}
	}
	return false
}

// rest returns the rest as text.
func (r *reader) rest() string {
	var words []string
	for _, t := range r.tokens {
		words = append(words, t.Text)
	}
	return strings.Join(words, " ")
}

// parts splits the rest at the commas outside parentheses.
func (r *reader) parts() []*reader {
	var parts []*reader
	depth, start := 0, 0
	for i, t := range r.tokens {
		switch t.Text {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case ",":
			if depth == 0 {
				parts, start = append(parts, &reader{r.tokens[start:i]}), i+1
			}
		}
	}
	return append(parts, &reader{r.tokens[start:]})
}
