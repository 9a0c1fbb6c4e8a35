package text

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// SearchForm returns text as it is searched: in lower case, without the marks on letters and without invisible
// characters, with letters, apostrophes and hyphens that many keyboards lack as those that people type instead. So
// Zöllner is found by zollner, Groß by gross and O’Brien by o'brien. Letters of all scripts stay letters; marks go
// where texts are written without them too (Latin, Greek, Cyrillic, Hebrew, Arabic), and stay in scripts in which they
// are vowels or other consonants.
func SearchForm(text string) string {
	var form strings.Builder
	for _, r := range norm.NFD.String(Fold(norm.NFKC.String(text))) {
		switch typed, ok := typedAs[r]; {
		case ok:
			form.WriteString(typed)
		case optionalMark(r) || unicode.Is(unicode.Cf, r):
		default:
			form.WriteRune(r)
		}
	}
	return norm.NFC.String(form.String())
}

// SearchWords returns the different words of a search in their search form: what is found holds each of them.
func SearchWords(search string) []string {
	var words []string
	for word := range strings.FieldsSeq(SearchForm(search)) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// optionalMark reports whether the character is a mark that many leave out when they write or search.
func optionalMark(r rune) bool {
	const voiced, semiVoiced = '\u3099', '\u309A' // Japanese: か with it is が, another syllable
	return unicode.Is(unicode.Mn, r) && r != voiced && r != semiVoiced &&
		unicode.In(r, unicode.Inherited, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac)
}

// typedAs are letters and signs that have no decomposition, in lower case, with what is typed for them.
var typedAs = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ı': "i",
	'ŋ': "n", 'ɛ': "e", 'ə': "e", 'ɔ': "o", 'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ƒ': "f", 'ɣ': "g", 'ɨ': "i",
	'ƙ': "k", 'ʋ': "v", 'ƴ': "y",

	'‘': "'", '’': "'", 'ʻ': "'", 'ʼ': "'", 'ʹ': "'", '`': "'", '‐': "-", '‒': "-", '–': "-", '—': "-",

	// Arabic, and its letters as Persian has them, as in Lucene's ArabicNormalizer and PersianNormalizer.
	'ى': "ي", 'ی': "ي", 'ے': "ي", 'ک': "ك", 'ة': "ه", 'ہ': "ه", 'ە': "ه", 'ٱ': "ا", 'ـ': "",
}

// OrderKey returns bytes whose order is that of texts in the Unicode Collation Algorithm, in the root collation of
// CLDR, which is none language's own: accents count after letters, and upper and lower case are the same. It is the
// order of the tables that the program is built with, in every database.
func OrderKey(text string) []byte {
	c := collators.Get().(*collate.Collator) //nolint:errcheck,forcetypeassert // see New
	defer collators.Put(c)
	return c.KeyFromString(new(collate.Buffer), text)
}

// collators holds collators: each has a state of its own while it makes a key.
var collators = sync.Pool{New: func() any { return collate.New(language.Und, collate.IgnoreCase) }}
