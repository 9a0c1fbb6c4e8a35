package render

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"guestlist/migrations/internal/hint"
)

// DefaultTemplate gives files the names that they have where a program does not say otherwise.
const DefaultTemplate = "{{.ID}}_{{.Slug}}"

// FileName returns the name of the file for a revision by a template of the program's, without .go: a text/template of
// .ID, .Slug, the words of the message, and .Created, a time.Time. An empty one is DefaultTemplate. Templates and ids
// whose names the Go tool would ignore or refuse, or that give two revisions one name, are an error.
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

// fileNameFields are what a template can name.
type fileNameFields struct {
	ID, Slug string
	Created  time.Time
}

func execute(text string, fields fileNameFields) (string, error) {
	parsed, err := template.New("name").Parse(text)
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w", err)
	}
	var name strings.Builder
	if err := parsed.Execute(&name, fields); err != nil {
		return "", fmt.Errorf("cannot be filled in: %w", err)
	}
	return name.String(), nil
}

// checkTemplate tries a template on two revisions of one message and one moment, whose names must be different and, but
// for the words of a message, files that the Go tool builds and embeds everywhere.
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
			return fmt.Errorf("puts %q into the names, which embedded files cannot have there", r)
		}
	}
	switch {
	case one == other || !strings.Contains(one, "4f6b1c0d92aa"):
		return errors.New("does not name the whole {{.ID}}: two revisions could have one file")
	case strings.ContainsRune("_.", rune(one[0])):
		return fmt.Errorf("starts with '%c': the Go tool would leave the files out", one[0])
	case restricted(one):
		return errors.New("gives names that the Go tool leaves out of some builds, as tests or files for one system only")
	}
	return nil
}
