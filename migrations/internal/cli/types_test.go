package cli

import (
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// TestUnknownTypes are warned of unless the history creates them, or has them already.
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
	if said := strings.Join(strings.Fields(strings.ReplaceAll(text, "//", "")), " "); !strings.Contains(said,
		"WARNING: "+warning) {
		t.Errorf("the file is\n%s", text)
	}
	if !strings.Contains(w.log.String(), "WARN  [migrations] "+warning+"\n") ||
		!strings.Contains(w.log.String(), "which has no type longtext (items.b)") {
		t.Errorf("the log is\n%s", w.log.String())
	}
	w = newTestProject(t)
	w.env.Revisions.Register(revision.Revision{ID: "aaaa", File: "aaaa_.go", Upgrade: func(m *op.Migration) {
		m.SQLFor(op.Dialects{Postgres: "CREATE DOMAIN varchr AS text"})
	}})
	w.env.Models = []any{Item{}}
	w.run("migrate", "--rev-id", "bbbb", "--dry-run")
	if said := w.log.String(); strings.Contains(said, "varchr of its own") || !strings.Contains(said, "longtext") {
		t.Errorf("the log is\n%s", w.log.String())
	}
}
