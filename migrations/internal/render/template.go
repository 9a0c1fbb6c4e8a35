package render

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"guestlist/migrations/internal/hint"
)

// DefaultTemplate is the template of file names if the program does not set one.
const DefaultTemplate = "{{.ID}}_{{.Slug}}"

// FileName returns the file name for a revision. The template, without .go, is a text/template of .ID, .Slug (the words
// of the message) and .Created (a time.Time); an empty one is DefaultTemplate. A template or id whose file the Go tool
// would ignore or reject, or that could give two revisions the same file, is an error.
func FileName(text string, r Revision) (string, error) {
	if text == "" {
		text = DefaultTemplate
	}
	if err := checkID(r.ID); err != nil {
		return "", err
	}
	if err := checkTemplate(text); err != nil {
		return "", hint.New(fmt.Errorf("the file name template %q %w", text, err),
			"correct FileTemplate in the program's migrations.Environment, as in {{.Created.Format "+
				"\"2006_01_02\"}}_{{.ID}}_{{.Slug}}")
	}
	name, err := execute(text, fileNameFields{ID: r.ID, Slug: Slug(r.Message), Created: r.Created})
	if err != nil {
		return "", err
	}
	if restricted(name) {
		name += "_"
	}
	return name + ".go", nil
}

// fileNameFields are the data of a template.
type fileNameFields struct {
	ID, Slug string
	Created  time.Time
}

func execute(text string, fields fileNameFields) (string, error) {
	parsed, err := template.New("name").Parse(text)
	if err != nil {
		return "", fmt.Errorf("cannot be parsed: %w", err)
	}
	var name strings.Builder
	if err := parsed.Execute(&name, fields); err != nil {
		return "", fmt.Errorf("cannot be executed: %w", err)
	}
	return name.String(), nil
}

// checkTemplate tries a template on two revisions that differ in their id only. Their names must differ, and be those
// of files that the Go tool builds on every platform and can embed.
func checkTemplate(text string) error {
	at := time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)
	one, err := execute(text, fileNameFields{ID: "4f6b1c0d92aa", Slug: "slug", Created: at})
	if err != nil {
		return err
	}
	other, err := execute(text, fileNameFields{ID: "b07d9e51c3f2", Slug: "slug", Created: at})
	if err != nil {
		return err
	}
	for _, r := range one {
		if !allowed(r) && !strings.ContainsRune("-.+", r) {
			return fmt.Errorf("puts %q into the names, which the name of an embedded file must not contain", r)
		}
	}
	switch {
	case one == other || !strings.Contains(one, "4f6b1c0d92aa"):
		return errors.New("does not contain the whole {{.ID}}: two revisions could have the same file")
	case strings.ContainsRune("_.", rune(one[0])):
		return fmt.Errorf("starts with '%c': the Go tool would ignore the files", one[0])
	case restricted(one):
		return errors.New("gives names of tests or of files for one platform, which the Go tool leaves out of some builds")
	}
	return nil
}
