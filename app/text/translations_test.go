package text_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/app/text"
)

func TestTranslationsIn(t *testing.T) {
	t.Parallel()
	all := text.Translations{"pt": "pt", "pt-BR": "br", "en": "en", "zh-Hant": "hant"}
	for language, want := range map[string]string{
		"pt-BR": "br", "pt-br": "br", "PT-BR-x-a": "br", "pt-PT": "pt", "pt": "pt", "p": "en", "": "en", "de": "en",
		"zh": "en", "zh-Hant-TW": "hant", "-": "en",
	} {
		if got := all.In(language); got != want {
			t.Errorf("%q: got %q, want %q", language, got, want)
		}
	}
	if got := all.In("de", "zh-Hant-TW", "pt"); got != "hant" {
		t.Errorf("of several: got %q, want hant", got)
	}
	if got := strings.Join((text.Translations{"zh": "", "ar": "", "de": "", "pt-BR": "", "FR": ""}).Languages(),
		" "); got != "FR pt-BR ar de zh" {
		t.Errorf("the languages: got %s, want FR pt-BR ar de zh", got)
	}
	if got := (text.Translations{"de": "de", "en": "en"}).In("it"); got != "en" {
		t.Errorf("not in the language: got %q, want en", got)
	}
	if got := (text.Translations{"fr": "fr", "de": "de"}).In("it"); got != "de" {
		t.Errorf("without English: got %q, want de", got)
	}
	if got := (text.Translations{}).In("en"); got != "" {
		t.Errorf("without any: got %q, want nothing", got)
	}
}

func TestTranslationsCheck(t *testing.T) {
	t.Parallel()
	inLanguages := func(count int) text.Translations {
		texts := text.Translations{}
		for i := range count {
			texts[fmt.Sprintf("en-x%d", i)] = "x"
		}
		return texts
	}
	for name, test := range map[string]struct {
		texts       text.Translations
		names, text string // part of the error; empty for none
	}{
		"good":         {text.Translations{"en": "äöüäö", "pt-BR": "x"}, "", ""},
		"none":         {nil, "is required", "is required"},
		"many":         {inLanguages(20), "", ""},
		"too many":     {inLanguages(21), "at most 20 languages", "at most 20 languages"},
		"no language":  {text.Translations{"": "x"}, "language tags", "language tags"},
		"a control":    {text.Translations{"en\n": "x"}, "language tags", "language tags"},
		"blank":        {text.Translations{"en": "x", "fr": " \n"}, "no text in fr", "no text in fr"},
		"long":         {text.Translations{"en": "äöüäöü"}, "in en must have at most 5", "in en must have at most 5"},
		"lines":        {text.Translations{"en": "a\nb"}, "in en must have no control", ""},
		"bell":         {text.Translations{"en": "a\ab"}, "in en must have no control", "in en must have no control"},
		"bidi control": {text.Translations{"en": "a\u202eb"}, "in en must have no control", "in en must have no control"},
	} {
		for _, check := range [][2]string{{test.texts.CheckNames(5), test.names}, {test.texts.CheckTexts(5), test.text}} {
			if problem, want := check[0], check[1]; (problem == "") != (want == "") || !strings.Contains(problem, want) {
				t.Errorf("%s: got %q, want %q", name, problem, want)
			}
		}
	}
	name := text.Translations{"en": "x", "fr": "y"}
	for want, other := range map[string]text.Translations{"": {"fr": "1", "en": "2"},
		"must be in the languages of name": {"en": "1", "de": "2"}} {
		if got := other.CheckSameLanguages(name, "name"); got != want {
			t.Errorf("%v: got %q, want %q", other, got, want)
		}
	}
}

func TestTranslationsHas(t *testing.T) {
	t.Parallel()
	texts := text.Translations{"en": "Dinner", "pt-BR": "Jantar"}
	for language, want := range map[string]bool{
		"en": true, "EN": true, "en-GB": true, "pt-br": true, "pt-BR-x-rio": true, "pt": false, "fr": false, "": false,
		"e": false,
	} {
		if got := texts.Has(language); got != want {
			t.Errorf("%q: got %v, want %v", language, got, want)
		}
	}
}
