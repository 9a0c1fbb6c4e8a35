package text

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxLanguages is the maximum number of languages of a text.
const MaxLanguages = 20

// Translations is a text by language: {"en": "Dinner", "fr": "Dîner"}. In a model it is stored as JSON.
type Translations map[string]string

// In returns the text in the first of the languages for which it has that language or a wider one (pt for pt-BR).
// Otherwise it returns the text in DefaultLanguage, or else in the alphabetically first language.
func (t Translations) In(languages ...string) string {
	for _, language := range languages {
		for tag := range Wider(language) {
			if text, ok := t.find(tag); ok {
				return text
			}
		}
	}
	if text, ok := t.find(DefaultLanguage); ok {
		return text
	}
	for _, first := range slices.Sorted(maps.Keys(t)) {
		return t[first]
	}
	return ""
}

// Languages returns the languages of the text: those in Languages first, in that order.
func (t Translations) Languages() []string {
	return slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// Has reports whether the text is in the language or in a wider one.
func (t Translations) Has(language string) bool {
	for tag := range Wider(language) {
		if _, ok := t.find(tag); ok {
			return true
		}
	}
	return false
}

// find looks a language up, ignoring case: RFC 5646, 2.1.1.
func (t Translations) find(language string) (string, bool) {
	for tag, text := range t {
		if strings.EqualFold(tag, language) {
			return text, true
		}
	}
	return "", false
}

// CheckNames checks a name in one or more languages, each of at most atMost characters. It returns the error in words
// that follow the field's name, or "".
func (t Translations) CheckNames(atMost int) string { return t.check(atMost, CheckLine) }

// CheckTexts is CheckNames for texts that may have line breaks and tabs.
func (t Translations) CheckTexts(atMost int) string { return t.check(atMost, CheckParagraphs) }

func (t Translations) check(atMost int, check func(string, int) string) string {
	switch {
	case len(t) == 0:
		return `is required: a text by language, such as {"en": "…"}`
	case len(t) > MaxLanguages:
		return fmt.Sprintf("must be in at most %d languages", MaxLanguages)
	}
	for _, language := range slices.Sorted(maps.Keys(t)) {
		if CheckLanguage(language) != "" {
			return "must have language tags such as en or pt-BR as its keys"
		}
		if strings.TrimSpace(t[language]) == "" {
			return fmt.Sprintf("has no text in %s", language)
		}
		if problem := check(t[language], atMost); problem != "" {
			return fmt.Sprintf("in %s %s", language, problem)
		}
	}
	return ""
}

// CheckSameLanguages checks that t is in the same languages as the other field. It returns the error in words that
// follow the field's name, or "".
func (t Translations) CheckSameLanguages(other Translations, field string) string {
	same := func(string, string) bool { return true }
	if !maps.EqualFunc(t, other, same) {
		return "must be in the languages of " + field
	}
	return ""
}
