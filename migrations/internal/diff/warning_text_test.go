package diff_test

import (
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestWarningString checks which of a warning's code and queries its line ends with.
func TestWarningString(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		w    diff.Warning
		want string
	}{
		"neither": {diff.Warning{}, "drops the table users. Export it first."},
		"code":    {diff.Warning{Code: "m.Run(fill)"}, "drops the table users. Export it first: m.Run(fill)"},
		"the same query": {diff.Warning{Query: schema.Both("SELECT 1")},
			"drops the table users. Export it first: SELECT 1"},
		"two queries": {diff.Warning{Query: op.Dialects{Postgres: "SELECT 1", SQLite: "SELECT 2"}},
			"drops the table users. Export it first: PostgreSQL: SELECT 1; SQLite: SELECT 2"},
		"on PostgreSQL": {diff.Warning{Query: op.Dialects{Postgres: "SELECT 1"}},
			"drops the table users. Export it first: PostgreSQL: SELECT 1"},
		"on SQLite": {diff.Warning{Query: op.Dialects{SQLite: "SELECT 2"}},
			"drops the table users. Export it first: SQLite: SELECT 2"},
		"about one database": {diff.Warning{Only: schema.SQLite, Query: schema.Both("SELECT 2")},
			"drops the table users. Export it first: SELECT 2"},
	} {
		test.w.Text, test.w.Advice = "drops the table users", "Export it first"
		if got := test.w.String(); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestWarningOn(t *testing.T) {
	t.Parallel()
	both := diff.Warning{Text: "x", Query: op.Dialects{Postgres: "SELECT 1", SQLite: "SELECT 2"}}
	got, about := both.On(schema.SQLite)
	if want := (diff.Warning{Text: "x", Query: schema.Both("SELECT 2"), Only: schema.SQLite}); got != want || !about {
		t.Errorf("got %+v, %t, want %+v", got, about, want)
	}
	if _, about := got.On(schema.Postgres); about {
		t.Error("a warning about SQLite is about PostgreSQL, want it left out")
	}
}
