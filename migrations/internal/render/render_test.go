package render_test

import (
	"fmt"
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
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFileOfASquash(t *testing.T) {
	t.Parallel()
	r := render.Revision{
		ID: "8f0c3f6d1a2b", Message: "the first year", Down: []string{"3c9a51d2b0f4"},
		Created: time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC), Notes: []string{"left out:", "some code"},
		NoDowngrade: true,
	}
	for i := range 13 {
		r.Replaces = append(r.Replaces, fmt.Sprintf("%012x", 16*i))
	}
	got, err := render.File(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `// the first year
//
// left out:
// some code
//
// Revision ID: 8f0c3f6d1a2b
// Revises:     3c9a51d2b0f4
// Replaces:    13 revisions, 000000000000 to 0000000000c0
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID:           "8f0c3f6d1a2b",
		DownRevision: []string{"3c9a51d2b0f4"},
		Replaces: []string{
			"000000000000", "000000000010", "000000000020", "000000000030", "000000000040", "000000000050",
			"000000000060", "000000000070", "000000000080", "000000000090", "0000000000a0", "0000000000b0",
			"0000000000c0",
		},
		Upgrade: func(m *op.Migration) {
		},
	})
}
`
	if _, text, _ := strings.Cut(string(got), ")\n\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	const message = "the first year"
	if header, ok := source.Parse(string(got)); !ok || header.Message != message {
		t.Errorf("parsed as %+v, %t; want message %q", header, ok, message)
	}
}

func TestFileTakesAnyMessage(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		"", "a\nb\n\nc", "\tindented\n- a list\n# a title", "func init() {}\n//go:build none", "`back` \"quotes\" */ /*",
		"\x00\xff\u2028",
	} {
		text, err := render.File(render.Revision{
			ID: "a", Message: message, Down: []string{"b", "c"}, DependsOn: []string{"d"}, Labels: []string{`la"bel`},
		})
		if err != nil {
			t.Errorf("%q: %v", message, err)
			continue
		}
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%q: got\n%s\nwant it formatted:\n%s%v", message, text, formatted, err)
		}
		if header, ok := source.Parse(string(text)); !ok || header.Message == "" && strings.TrimSpace(message) != "" {
			t.Errorf("%q: parsed as %+v, %t; want a header with a message", message, header, ok)
		}
	}
}

// TestQueryKeepsItsStrings checks that a long query in a comment is wrapped, but not inside a string, so that it can be
// copied.
func TestQueryKeepsItsStrings(t *testing.T) {
	t.Parallel()
	const literal = "'a  b c'"
	text, err := render.File(render.Revision{ID: "a", Upgrade: []render.Step{{
		Operation: &op.DropTable{Table: "users"},
		Comments:  []string{"WARNING: it's odd.", strings.Repeat("SELECT "+literal+" OR ", 20)},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), literal); n != 20 {
		t.Errorf("got %s %d times, want 20:\n%s", literal, n, text)
	}
	if n := strings.Count(string(text), "\n\t\t\t// "); n < 3 {
		t.Errorf("got %d lines of comments, want at least 3:\n%s", n, text)
	}
}

// TestMessagesStayWhole checks that messages can be read back from the files that contain them.
func TestMessagesStayWhole(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 15, 12, 7, 0, time.UTC)
	for message, want := range map[string]string{
		"Revision ID: of the old system": "", "Revises: nothing": "", "Create Date: is a column now": "",
		"Revision ID:   a\nRevises:   b\nCreate Date:   c":   "Revision ID:   a Revises:   b Create Date:   c",
		"drop the date\n\nCreate Date: 1999\nRevision ID: z": "drop the date",
		"two\nlines": "two lines", "two lines\r\nof Windows": "two lines of Windows", "a\n\nb": "a",
		"*/ ends nothing, /* begins nothing": "", "a\ttab": "", "größer: 日本 🎉": "", "func init() {": "",
		"//go:build none": "",
		"- a dash":        "", "--- three": "", "- a\n- b": "- a - b", "-": "", "1. first": "", "# a title": "",
		"// slashes": "",
		"* a star":   "", "+ plus": "", "1) first": "", "[a]: https://example.org/": "", "``quoted''": "“quoted”", /* gofmt */
		`"quoted"`:                      "",
		"one\n\n* two\n\nThree\n\nfour": "one", "\"half\\": "", "[Doc] and *text": "",
		"a, as in\n[a]: https://example.org/": "a, as in [a]: https://example.org/",
	} {
		text, err := render.File(render.Revision{ID: "a", Message: message, Down: []string{"b"}, Created: at})
		if err != nil {
			t.Fatal(err)
		}
		header, ok := source.Parse(string(text))
		if want == "" {
			want = message
		}
		if !ok || header.Message != want {
			t.Errorf("%q is parsed as %q, %t; want %q, from\n%s", message, header.Message, ok, want, text)
		}
		if got, want := header.Created(), "2026-11-23 15:12:07"; got != want {
			t.Errorf("%q: got creation time %q, want %q, from\n%s", message, got, want, text)
		}
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
			t.Errorf("%q: got %q, %v; want %q, no error", message, got, err, want)
		}
	}
	for _, id := range []string{"", "a b", "a:b", "_a", ".a", "a*", "a/b", "head"} {
		if name, err := render.FileName("", render.Revision{ID: id, Message: "x"}); err == nil {
			t.Errorf("ID %q: got file name %q, want an error", id, name)
		}
	}
}
