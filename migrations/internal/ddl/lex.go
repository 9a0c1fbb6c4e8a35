package ddl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"guestlist/migrations/schema"
)

// lexeme is a piece of SQL as psql or sqlite3, the dialect's own client, splits it.
type lexeme struct {
	kind lexemeKind
	text string
}

type lexemeKind int

const (
	gap    lexemeKind = iota // space and comments
	word                     // a keyword, a name without quotes, or a number
	quoted                   // a quoted name or string
	symbol                   // any other character
)

// lineComment reports whether the lexeme is a -- comment.
func (l lexeme) lineComment() bool { return l.kind == gap && strings.HasPrefix(l.text, "--") }

// is reports whether the lexeme is one of the words, in any case.
func (l lexeme) is(words ...string) bool {
	for _, w := range words {
		if l.kind == word && strings.EqualFold(l.text, w) {
			return true
		}
	}
	return false
}

// lex splits SQL into lexemes; joined, they give the text again. An unterminated quote or comment is an error, except
// that SQLite ends a comment at the end of the text.
func lex(d schema.Dialect, text string) ([]lexeme, error) {
	var found []lexeme
	for rest := text; rest != ""; {
		l, err := nextLexeme(d, rest, found)
		if err != nil {
			return nil, err
		}
		found = append(found, l)
		rest = rest[len(l.text):]
	}
	return found, nil
}

func nextLexeme(d schema.Dialect, text string, before []lexeme) (lexeme, error) {
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case strings.HasPrefix(text, "--"):
		return lexeme{gap, text[:lineEnd(text)]}, nil
	case strings.HasPrefix(text, "/*"):
		return blockComment(d, text)
	case unicode.IsSpace(r):
		return lexeme{gap, text[:size]}, nil
	case isWordRune(r):
		end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) && r != '$' })
		if end < 0 {
			end = len(text)
		}
		return lexeme{word, text[:end]}, nil
	}
	if l, err := quotation(d, text, before); err != nil || l.text != "" {
		return l, err
	}
	return lexeme{symbol, text[:size]}, nil
}

// quotation returns the quoted lexeme at the start of the text, or an empty lexeme if there is none.
func quotation(d schema.Dialect, text string, before []lexeme) (lexeme, error) {
	switch r := text[0]; {
	case r == '\'':
		escapes := d == schema.Postgres && len(before) > 0 && before[len(before)-1].is("E")
		return quotedUntil(text, "'", escapes)
	case r == '"', r == '`' && d == schema.SQLite:
		return quotedUntil(text, string(r), false)
	case r == '[' && d == schema.SQLite:
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return lexeme{}, unterminated(text)
		}
		return lexeme{quoted, text[:end+1]}, nil
	case r == '$' && d == schema.Postgres:
		if tag := dollarTag(text); tag != "" {
			end := strings.Index(text[len(tag):], tag)
			if end < 0 {
				return lexeme{}, unterminated(text)
			}
			return lexeme{quoted, text[:2*len(tag)+end]}, nil
		}
	}
	return lexeme{}, nil
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || r >= utf8.RuneSelf
}

func lineEnd(text string) int {
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		return end
	}
	return len(text)
}

// blockComment returns the comment at the start of the text: it ends at the first */ on SQLite, and nests on
// PostgreSQL.
func blockComment(d schema.Dialect, text string) (lexeme, error) {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i:i+2] == "/*" && (depth == 0 || d == schema.Postgres):
			depth++
			i++
		case text[i:i+2] == "*/":
			depth--
			i++
		}
		if depth == 0 {
			return lexeme{gap, text[:i+1]}, nil
		}
	}
	if d == schema.SQLite {
		return lexeme{gap, text}, nil
	}
	return lexeme{}, unterminated(text)
}

// quotedUntil returns the text up to the next quote that is not doubled or, with escapes, preceded by a backslash.
func quotedUntil(text, quote string, escapes bool) (lexeme, error) {
	for i := 1; i < len(text); i++ {
		switch {
		case escapes && text[i] == '\\':
			i++
		case text[i] != quote[0]:
		case i+1 < len(text) && text[i+1] == quote[0]:
			i++
		default:
			return lexeme{quoted, text[:i+1]}, nil
		}
	}
	return lexeme{}, unterminated(text)
}

// dollarTag returns the dollar-quote tag at the start of the text, such as $$ or $body$, or an empty string.
func dollarTag(text string) string {
	end := strings.IndexByte(text[1:], '$')
	if end < 0 {
		return ""
	}
	tag := text[:end+2]
	for i, r := range tag[1 : len(tag)-1] {
		if !isWordRune(r) || i == 0 && unicode.IsDigit(r) {
			return ""
		}
	}
	return tag
}

func unterminated(text string) error {
	const most = 30
	first := text[:lineEnd(text)]
	if runes := []rune(first); len(runes) > most {
		first = string(runes[:most]) + "…"
	}
	return fmt.Errorf("the SQL has an unterminated quote or comment at %s", first)
}
