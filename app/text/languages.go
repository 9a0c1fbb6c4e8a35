package text

import (
	"slices"

	"golang.org/x/text/language"
)

// Languages are those in which the program has words of its own: for mails and pages. The first is DefaultLanguage.
var Languages = []string{DefaultLanguage, "fr", "pt", "ar"}

// rightToLeft are scripts (ISO 15924) whose lines run from right to left.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}

// RightToLeft reports whether the language with the tag is written from right to left.
func RightToLeft(tag string) bool {
	script, _ := language.Make(tag).Script()
	return slices.Contains(rightToLeft, script.String())
}
