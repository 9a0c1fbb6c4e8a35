package app_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guestlist/app/text"
)

// TestEveryTextInEveryLanguage checks that every kind of mail, and the words of every page, exist in all languages of
// the program.
func TestEveryTextInEveryLanguage(t *testing.T) {
	t.Parallel()
	for pattern, missing := range map[string]func(path, language string) string{
		"*/templates/*/*": func(path, language string) string { // users/templates/en/verify_email.txt
			kind := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			return filepath.Join(filepath.Dir(filepath.Dir(path)), language, kind+".txt")
		},
		"*/pages/*.json": wordsIn, // users/pages/en.json
		"pages/*/*.json": wordsIn, // pages/failure/en.json
	} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: got %d files, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			for _, language := range text.Languages {
				if want := missing(path, language); !slices.Contains(paths, want) {
					t.Errorf("got %s, want %s beside it", path, want)
				}
			}
		}
	}
}

// wordsIn returns the path of the file that has the same words as the one at path in another language.
func wordsIn(path, language string) string {
	return filepath.Join(filepath.Dir(path), language+".json")
}
