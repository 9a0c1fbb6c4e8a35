package pages

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

func filesOf(words map[string]map[string]string) fstest.MapFS {
	const page = `{{define "title"}}{{.Words.title}}{{end}}{{define "main"}}<p>{{.View}}</p>{{end}}`
	files := fstest.MapFS{"page.html": {Data: []byte(page)}}
	for language, texts := range words {
		text, err := json.Marshal(texts)
		if err != nil {
			panic(err)
		}
		files[language+".json"] = &fstest.MapFile{Data: text}
	}
	return files
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	p, err := parse(filesOf(map[string]map[string]string{"en": {"title": "Hello"}, "fr": {"title": "Bonjour"},
		"pt": {"title": "Olá"}, "ar": {"title": "مرحبًا"}}))
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"fr-CA": "fr", "PT-br": "pt", "pt": "pt", "de": "en", "": "en",
		"x-y-z": "en"} {
		if got := p.Nearest(tag); got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
	for header, want := range map[string]string{"de, pt-BR;q=0.5": "pt", "fr-CA,en;q=0.9": "fr", "": "en", "*": "en",
		strings.Repeat(",;", 9): "en"} {
		if got := p.Accepted(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	if html, err := p.render("page", "ar-EG", "", ""); err != nil ||
		!strings.Contains(string(html), `<html lang="ar" dir="rtl">`) {
		t.Errorf("got %s, %v, want a page from right to left", html, err)
	}
	html, err := p.render("page", "fr", "Friends", "<script>")
	for _, want := range []string{"<title>Bonjour</title>", `<html lang="fr">`, "<p>&lt;script&gt;</p>"} {
		if err != nil || !strings.Contains(string(html), want) {
			t.Errorf("got %s, %v, want a page with %q", html, err, want)
		}
	}
}

// TestWordsAreWhole checks that words are refused if one is missing, unknown or empty in a language.
func TestWordsAreWhole(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]map[string]map[string]string{
		"none in English": {"fr": {"title": "Bonjour"}},
		"one is missing":  {"en": {"title": "Hello", "end": "Bye"}, "fr": {"title": "Bonjour"}},
		"one too many":    {"en": {"title": "Hello"}, "fr": {"title": "Bonjour", "end": "Adieu"}},
		"one is empty":    {"en": {"title": "Hello"}, "fr": {"title": ""}},
	} {
		if _, err := parse(filesOf(words)); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}
