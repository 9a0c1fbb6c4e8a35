package render_test

import (
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/render"
)

func TestFileTemplate(t *testing.T) {
	t.Parallel()
	r := render.Revision{ID: "4f6b", Message: "for windows", Created: time.Date(2026, 11, 28, 15, 12, 7, 0, time.UTC)}
	for template, want := range map[string]string{
		"": "4f6b_for_windows_.go",
		`{{.Created.Format "2006_01_02_1504"}}_{{.ID}}_{{.Slug}}`: "2026_11_28_1512_4f6b_for_windows_.go",
		`{{.Created.Format "2006-01-02"}}.{{.ID}}`:                "2026-11-28.4f6b.go",
		`{{.Slug}}-{{.ID}}`:         "for_windows-4f6b.go",
		`{{.Created.Unix}}_{{.ID}}`: "1795878727_4f6b.go",
	} {
		if got, err := render.FileName(template, r); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", template, got, err, want)
		}
	}
	for template, want := range map[string]string{
		"{{.Slug}}":                           "two revisions could have the same file",
		"{{slice .ID 0 4}}_{{.Slug}}":         "two revisions could have the same file",
		`{{.Created.Format "2006"}}`:          "two revisions could have the same file",
		"_{{.ID}}":                            "the Go tool would ignore the files",
		".{{.ID}}_{{.Slug}}":                  "the Go tool would ignore the files",
		"{{.ID}}_{{.Slug}}_test":              "names of tests or of files for one platform",
		"{{.ID}}_linux":                       "names of tests or of files for one platform",
		"{{.ID}}_linux_arm64":                 "names of tests or of files for one platform",
		"{{.ID}}/{{.Slug}}":                   `puts '/' into the names`,
		"{{.ID}} {{.Slug}}":                   `puts ' ' into the names`,
		`{{.Created.Format "15:04"}}_{{.ID}}`: `puts ':' into the names`,
		"{{.ID":                               "cannot be parsed",
		"{{.Id}}":                             "cannot be executed",
	} {
		got, err := render.FileName(template, r)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(hint.Of(err), "FileTemplate") {
			t.Errorf("%s: got %q, %v (%s), want %q", template, got, err, hint.Of(err), want)
		}
	}
}
