package render_test

import (
	"go/format"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/render"
	"guestlist/migrations/internal/source"
	"guestlist/migrations/op"
)

func TestFile(t *testing.T) {
	t.Parallel()
	got, err := render.File(render.Revision{
		ID: "8f0c3f6d1a2b", Message: "add phone to users", Down: []string{"3c9a51d2b0f4"}, Labels: []string{"phones"},
		Created: time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// add phone to users
//
// Revision ID: 8f0c3f6d1a2b
// Revises:     3c9a51d2b0f4
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID:           "8f0c3f6d1a2b",
		DownRevision: []string{"3c9a51d2b0f4"},
		BranchLabels: []string{"phones"},
		Upgrade: func(m *op.Migration) {
		},
		Downgrade: func(m *op.Migration) {
		},
	})
}
`
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
}

func TestFileTakesAnyMessage(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		"", "a\nb\n\nc", "\tindented\n- a list\n# a title", "func init() {}\n//go:build none", "`back` \"quotes\" */ /*", "\x00\xff\u2028",
	} {
		text, err := render.File(render.Revision{
			ID: "a", Message: message, Down: []string{"b", "c"}, DependsOn: []string{"d"}, Labels: []string{`la"bel`},
		})
		if err != nil {
			t.Errorf("%q: %v", message, err)
			continue
		}
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%q: not as gofmt has it: %v\n%s", message, err, text)
		}
		if header, ok := source.Parse(string(text)); !ok || header.Message == "" && strings.TrimSpace(message) != "" {
			t.Errorf("%q: read as %+v", message, header)
		}
	}
}

// TestQueryKeepsItsStrings breaks the line of a query that is meant to be copied, but not inside a string.
func TestQueryKeepsItsStrings(t *testing.T) {
	t.Parallel()
	const literal = "'a  b c'"
	text, err := render.File(render.Revision{ID: "a", Upgrade: []render.Step{{
		Operation: &op.DropTable{Table: "users"},
		Comments:  []string{"WARNING: it's odd.", strings.Repeat("SELECT "+literal+" OR ", 20)},
	}}})
	if err != nil || strings.Count(string(text), literal) != 20 || strings.Count(string(text), "\n\t\t\t// ") < 3 {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"Add phone, to users!":    "id_add_phone_to_users.go",
		"":                        "id_.go",
		"for windows":             "id_for_windows_.go",
		"linux amd64":             "id_linux_amd64_.go",
		"the last test":           "id_the_last_test_.go",
		"../../etc":               "id_etc.go",
		"Größe ändern ٣":          "id_größe_ändern.go",
		strings.Repeat("ab ", 30): "id_ab_ab_ab_ab_ab_ab_ab_ab_ab_ab_ab_ab_ab_.go",
		strings.Repeat("x", 50):   "id_" + strings.Repeat("x", 40) + "_.go",
	} {
		if got, err := render.FileName("", render.Revision{ID: "id", Message: message}); err != nil || got != want {
			t.Errorf("%q: got %q, %v", message, got, err)
		}
	}
	for _, id := range []string{"", "a b", "a:b", "_a", ".a", "a*", "a/b", "head"} {
		if name, err := render.FileName("", render.Revision{ID: id, Message: "x"}); err == nil {
			t.Errorf("%q makes %q", id, name)
		}
	}
}
