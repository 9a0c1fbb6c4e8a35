package utils

import (
	"maps"
	"slices"
	"strings"
)

// Translations is a text by language: {"en": "Dinner", "fr": "Dîner"}. In a model it is stored as JSON.
type Translations map[string]string

// In returns the text in the language that comes nearest: pt-BR, else pt, else en, else the first by name.
func (t Translations) In(language string) string {
	for language != "" {
		if text, ok := t[language]; ok {
			return text
		}
		language = language[:max(0, strings.LastIndexByte(language, '-'))]
	}
	if text, ok := t["en"]; ok {
		return text
	}
	for _, first := range slices.Sorted(maps.Keys(t)) {
		return t[first]
	}
	return ""
}
