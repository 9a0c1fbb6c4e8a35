package ddl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"guestlist/migrations/schema"
)

// lexeme is a piece of SQL as a dialect's own program, psql or sqlite3, sees it.
type lexeme struct {
	kind lexemeKind
	text string
}

type lexemeKind int

const (
	gap    lexemeKind = iota // space and comments
	word                     // a keyword, a name without quotes, or a number
	quoted                   // a name or a text between quotes
	symbol                   // a character of anything else
)

// lineComment reports whether the lexeme is a comment that the end of its line ends.
func (l lexeme) lineComment() bool { return l.kind == gap && strings.HasPrefix(l.text, "--") }

// is reports whether the lexeme is one of the words, which are in capitals.
func (l lexeme) is(words ...string) bool {
	for _, w := range words {
		if l.kind == word && strings.EqualFold(l.text, w) {
			return true
		}
	}
	return false
}

// lex takes SQL of a dialect apart; joined again, it is the text. Something that begins and does not end is an error,
// but for a comment on SQLite, which the end of the text ends.
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

// quotation returns what the text begins with if that is between quotes; else an empty lexeme.
func quotation(d schema.Dialect, text string, before []lexeme) (lexeme, error) {
	switch r := text[0]; {
	case r == '\'':
		escapes := d == schema.Postgres && len(before) > 0 && before[len(before)-1].is("E")
		return between(text, "'", escapes)
	case r == '"', r == '`' && d == schema.SQLite:
		return between(text, string(r), false)
	case r == '[' && d == schema.SQLite:
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return lexeme{}, unended(text)
		}
		return lexeme{quoted, text[:end+1]}, nil
	case r == '$' && d == schema.Postgres:
		if tag := dollarTag(text); tag != "" {
			end := strings.Index(text[len(tag):], tag)
			if end < 0 {
				return lexeme{}, unended(text)
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

// blockComment ends at the first */ on SQLite; on PostgreSQL comments nest.
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
	return lexeme{}, unended(text)
}

// between ends at the next quote that is not doubled.
func between(text, quote string, escapes bool) (lexeme, error) {
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
	return lexeme{}, unended(text)
}

// dollarTag returns the tag that a text of PostgreSQL's begins with, such as $$ or $body$.
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

func unended(text string) error {
	const most = 30
	first := text[:lineEnd(text)]
	if runes := []rune(first); len(runes) > most {
		first = string(runes[:most]) + "…"
	}
	return fmt.Errorf("the SQL has a quote or a comment that does not end, where it says %s", first)
}
