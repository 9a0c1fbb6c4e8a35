package render

import (
	"fmt"
	"go/build"
	"io"
	"strings"
	"unicode"

	"guestlist/migrations/internal/graph"
)

// slugLength is the maximum length of a slug, which is cut between words, as in Alembic.
const slugLength = 40

// Slug returns the words of a message, joined by underscores, in lower case.
func Slug(message string) string {
	words := strings.FieldsFunc(strings.ToLower(message), func(r rune) bool { return !allowed(r) })
	slug := []rune(strings.Join(words, "_"))
	if len(slug) <= slugLength {
		return string(slug)
	}
	text := string(slug[:slugLength])
	if end := strings.LastIndex(text, "_"); end > 0 {
		text = text[:end]
	}
	return text + "_"
}

// allowed reports whether a character may be in a slug: letters, ASCII digits and underscores, which the name of an
// embedded file may contain (golang.org/x/mod/module.CheckFilePath).
func allowed(r rune) bool { return r == '_' || unicode.IsLetter(r) || '0' <= r && r <= '9' }

func checkID(id string) error {
	if err := graph.ValidateID(id); err != nil {
		return err
	}
	for _, r := range id {
		if r != '.' && !allowed(r) {
			return &graph.InvalidIDError{ID: id, Characters: string(r)}
		}
	}
	if id[0] == '_' || id[0] == '.' {
		return fmt.Errorf("revision identifier '%s' starts with '%c': the Go tool would ignore its file", id, id[0])
	}
	return nil
}

// restricted reports whether the Go tool leaves a file of this name out of some builds: tests, and files for one
// platform only, as go/build decides.
func restricted(name string) bool {
	nowhere := build.Context{GOOS: "nowhere", GOARCH: "nothing", Compiler: "none", OpenFile: emptyFile}
	matches, err := nowhere.MatchFile("", name+".go")
	return err != nil || !matches || strings.HasSuffix(name, "_test")
}

func emptyFile(string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("package versions\n")), nil
}
