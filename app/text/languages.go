package text

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Languages are those of the program's own mails and pages. The first is DefaultLanguage.
var Languages = []string{DefaultLanguage, "fr", "pt", "ar"}

// Spoken returns the first of the language tags that is, or derives from, one of Languages, or DefaultLanguage.
func Spoken(tags ...string) string {
	for _, tag := range tags {
		if rank(tag) < len(Languages) {
			return tag
		}
	}
	return DefaultLanguage
}

// rank returns the index in Languages of the tag, or of the first of its wider tags that is there, or len(Languages).
func rank(tag string) int {
	for tag := range Wider(tag) {
		if i := slices.IndexFunc(Languages, func(language string) bool { return strings.EqualFold(language, tag) }); i >= 0 {
			return i
		}
	}
	return len(Languages)
}

// Wider yields a language tag and its parents, such as pt-BR and pt.
func Wider(tag string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for tag != "" && yield(tag) {
			tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
		}
	}
}

// rightToLeft are scripts (ISO 15924) whose lines run from right to left.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}

// RightToLeft reports whether the language with the tag is written from right to left.
func RightToLeft(tag string) bool {
	script, _ := language.Make(tag).Script()
	return slices.Contains(rightToLeft, script.String())
}
