package cli

import (
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestUnknownTypes checks that migrate warns of unknown types, unless SQL in the history creates them.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	const warning = "fails on PostgreSQL, which has no built-in type varchr (items.a). Create it in an earlier " +
		"revision, with CREATE TYPE or CREATE EXTENSION in m.SQLFor, or correct the name."
	type Item struct {
		ID int64
		A  string `gorm:"type:varchr(20)"`
		B  string `gorm:"type:longtext"`
	}
	w := newTestProject(t)
	text := w.migrate("bbbb", []any{Item{}})
	said := strings.Join(strings.Fields(strings.ReplaceAll(text, "//", "")), " ")
	if want := "WARNING: " + warning; !strings.Contains(said, want) {
		t.Errorf("the file lacks %q:\n%s", want, text)
	}
	for _, want := range []string{
		"WARN  [migrations] " + warning + "\n", "which has no type longtext (items.b)",
	} {
		if !strings.Contains(w.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, w.log.String())
		}
	}
	w = newTestProject(t)
	w.env.Revisions.Register(revision.Revision{ID: "aaaa", File: "aaaa_.go", Upgrade: func(m *op.Migration) {
		m.SQLFor(op.Dialects{Postgres: "CREATE DOMAIN varchr AS text"})
	}})
	w.env.Models = []any{Item{}}
	w.run("migrate", "--rev-id", "bbbb", "--dry-run")
	said = w.log.String()
	if word := "varchr (items.a)"; strings.Contains(said, word) {
		t.Errorf("the log shows %q:\n%s", word, said)
	}
	if want := "longtext"; !strings.Contains(said, want) {
		t.Errorf("the log lacks %q:\n%s", want, said)
	}
}
