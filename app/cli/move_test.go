package cli_test

import (
	"strings"
	"testing"
)

// TestMove: the commands that bring data here run on the embedded database.
func TestMove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const event = `{"key":"gala","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30","end_date":"2100-01-31",` +
		`"roles":[{"email":"ann@example.org","role":"admin"}]}`
	for _, step := range []struct{ input, command, want string }{
		{"email\nann@example.org\n", "users import -", "Created 1 account; 0 were there already.\n"},
		{"", "users reindex", "Changed 0 accounts of 1.\n"},
		{event, "events import -", "Created 1 event; 0 were there already.\n"},
		{"email\nbob@example.org\n", "guests import --event gala --role guest -", "Created 1 guest; 0 were invited already.\n"},
		{"", "import", "Move data here from other programs\n"},
		{"", "import baobab", "Error: baobab needs one DATABASE_URL: the address of the original's database\nsee guestlist import baobab --help\n"},
		{"", "import baobab sqlite:///x.db", "Error: the database of the original is at an address such as postgres://user@host:5432/name\n"},
		{"", "import baobap", "Error: unknown command \"baobap\" for \"guestlist import\"\ndid you mean baobab?\n"},
	} {
		stdout, stderr, _ := run(t, dir, nil, step.input, strings.Fields(step.command)...)
		if !strings.HasPrefix(stdout+stderr, step.want) {
			t.Errorf("%s: got %s%s, want %s", step.command, stdout, stderr, step.want)
		}
	}
	stdout, _, _ := run(t, dir, nil, "", "events", "export")
	if !strings.Contains(stdout, `"roles":[{"email":"ann@example.org","role":"admin"}]`) {
		t.Errorf("got %s", stdout)
	}
}
