// Package text canonicalises email addresses, computes search and sort keys, handles texts in several languages, and
// checks input lines. It does not depend on requests.
package text

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// DefaultLanguage is used when no language is given.
const DefaultLanguage = "en"

// CheckLine checks that text is one line of at most atMost characters. It returns the error in words that follow the
// field's name, or "".
func CheckLine(text string, atMost int) string {
	if utf8.RuneCountInString(text) > atMost {
		return fmt.Sprintf("must have at most %d characters", atMost)
	}
	for _, r := range text {
		if unprintable(r) {
			return "must have no control characters or line breaks"
		}
	}
	return ""
}

// CheckParagraphs is CheckLine for a text that may have line breaks and tabs.
func CheckParagraphs(text string, atMost int) string {
	if utf8.RuneCountInString(text) > atMost {
		return fmt.Sprintf("must have at most %d characters", atMost)
	}
	for _, r := range text {
		if unprintable(r) && r != '\n' && r != '\r' && r != '\t' {
			return "must have no control characters except line breaks"
		}
	}
	return ""
}

func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// LanguageTag matches a language tag: RFC 5646, 2.1, without the irregular ones.
var LanguageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$`)

// CheckLanguage checks a language tag. It returns the error in words that follow the field's name, or "".
func CheckLanguage(language string) string {
	if !LanguageTag.MatchString(language) {
		return "must be a language tag such as en or pt-BR"
	}
	return ""
}

// IsPlainJSON reports whether text is ASCII that encoding/json writes between quotes as it is, without escapes.
func IsPlainJSON(text string) bool {
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' || b == '"' || b == '\\' || b == '<' || b == '>' || b == '&' {
			return false
		}
	}
	return true
}
