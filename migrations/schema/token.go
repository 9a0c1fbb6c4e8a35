package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// TokenKind is the kind of a token.
type TokenKind int

// The kinds of tokens. Comments count as space.
const (
	SpaceToken  TokenKind = iota
	WordToken             // a keyword, an unquoted name or a number
	NameToken             // a quoted name
	StringToken           // a string literal
	SymbolToken           // one character of anything else
)

// Token is a token of SQL. Text is exactly as written.
type Token struct {
	Kind TokenKind
	Text string
}

// Tokens splits SQL into tokens; joined, they give the SQL again. It knows the quotes and comments of PostgreSQL and
// SQLite, enough to find the names in an expression and the commas between columns.
func Tokens(sql string) []Token {
	var tokens []Token
	for sql != "" {
		kind, length := nextToken(sql, tokens)
		tokens = append(tokens, Token{Kind: kind, Text: sql[:length]})
		sql = sql[length:]
	}
	return tokens
}

func nextToken(sql string, before []Token) (TokenKind, int) {
	r, size := utf8.DecodeRuneInString(sql)
	switch {
	case strings.HasPrefix(sql, "--"):
		return SpaceToken, through(sql, 2, "\n")
	case strings.HasPrefix(sql, "/*"):
		return SpaceToken, through(sql, 2, "*/")
	case unicode.IsSpace(r):
		return SpaceToken, span(sql, unicode.IsSpace)
	case r == '\'':
		return StringToken, quoted(sql, '\'', escapesBackslash(before))
	case r == '"', r == '`':
		return NameToken, quoted(sql, byte(r), false)
	case r == '[' && !subscripts(before):
		return NameToken, through(sql, 1, "]")
	case isWord(r):
		return WordToken, span(sql, isWord)
	default:
		return SymbolToken, size
	}
}

// Name returns the name that a word or quoted name means, and whether the token is either.
func (t Token) Name() (name string, ok bool) {
	switch {
	case t.Kind == WordToken:
		return t.Text, true
	case t.Kind != NameToken || len(t.Text) < 2:
		return "", false
	}
	// A name in brackets contains no bracket to replace.
	quote, inner := t.Text[len(t.Text)-1:], t.Text[1:len(t.Text)-1]
	return strings.ReplaceAll(inner, quote+quote, quote), true
}

// Folded returns the name as PostgreSQL reads it: in lower case unless it is quoted.
func (t Token) Folded() string {
	name, _ := t.Name()
	if t.Kind == WordToken {
		return strings.ToLower(name)
	}
	return name
}

func isWord(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// escapesBackslash reports whether a string after these tokens is PostgreSQL's E'…'.
func escapesBackslash(before []Token) bool {
	return len(before) > 0 && strings.EqualFold(before[len(before)-1].Text, "e")
}

// subscripts reports whether a bracket after these tokens is PostgreSQL's array subscript rather than SQLite's quote.
func subscripts(before []Token) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	return last.Kind == WordToken || last.Kind == NameToken || last.Text == ")" || last.Text == "]"
}

func span(sql string, in func(rune) bool) int {
	if end := strings.IndexFunc(sql, func(r rune) bool { return !in(r) }); end >= 0 {
		return end
	}
	return len(sql)
}

func through(sql string, from int, end string) int {
	if i := strings.Index(sql[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(sql)
}

// quoted returns the length of the quoted text at the start of sql. A doubled quote is an escaped one.
func quoted(sql string, quote byte, backslash bool) int {
	for i := 1; i < len(sql); i++ {
		switch {
		case backslash && sql[i] == '\\':
			i++
		case sql[i] == quote && i+1 < len(sql) && sql[i+1] == quote:
			i++
		case sql[i] == quote:
			return i + 1
		}
	}
	return len(sql)
}
