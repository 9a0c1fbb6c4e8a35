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

// SearchForm returns text in the form used for searching: in lower case, without invisible characters and marks on
// letters, and with letters, apostrophes and hyphens that many keyboards lack replaced by those that people type
// instead. So zollner finds Zöllner, gross finds Groß and o'brien finds O’Brien. Letters of all scripts are kept; marks
// are removed in scripts that are also written without them (Latin, Greek, Cyrillic, Hebrew, Arabic), and kept in
// scripts where they are vowels or change a consonant.
func SearchForm(text string) string {
	var form strings.Builder
	for _, r := range norm.NFD.String(FoldCase(norm.NFKC.String(text))) {
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

// SearchWords returns the distinct words of a search in their search form. A match contains all of them.
func SearchWords(search string) []string {
	var words []string
	for word := range strings.FieldsSeq(SearchForm(search)) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// optionalMark reports whether the character is a mark that people often omit.
func optionalMark(r rune) bool {
	const voiced, semiVoiced = '\u3099', '\u309A' // Japanese: か with it is が, another syllable
	return unicode.Is(unicode.Mn, r) && r != voiced && r != semiVoiced &&
		unicode.In(r, unicode.Inherited, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac)
}

// typedAs maps letters and signs without a decomposition, in lower case, to what people type for them.
var typedAs = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ı': "i",
	'ŋ': "n", 'ɛ': "e", 'ə': "e", 'ɔ': "o", 'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ƒ': "f", 'ɣ': "g", 'ɨ': "i",
	'ƙ': "k", 'ʋ': "v", 'ƴ': "y",

	'‘': "'", '’': "'", 'ʻ': "'", 'ʼ': "'", 'ʹ': "'", '`': "'", '‐': "-", '‒': "-", '–': "-", '—': "-",

	// Arabic and Persian letters, as in Lucene's ArabicNormalizer and PersianNormalizer.
	'ى': "ي", 'ی': "ي", 'ے': "ي", 'ک': "ك", 'ة': "ه", 'ہ': "ه", 'ە': "ه", 'ٱ': "ا", 'ـ': "",
}

// OrderKey returns a sort key of the Unicode Collation Algorithm for the root collation of CLDR, which is independent
// of language: accents count only between texts with the same letters, and case is ignored. The order depends on the
// collation tables built into the program, not on the database.
func OrderKey(text string) []byte {
	c := collators.Get().(*collate.Collator) //nolint:errcheck,forcetypeassert // see New
	defer collators.Put(c)
	return c.KeyFromString(new(collate.Buffer), text)
}

// collators pools collators, which are not safe for concurrent use.
var collators = sync.Pool{New: func() any { return collate.New(language.Und, collate.IgnoreCase) }}
