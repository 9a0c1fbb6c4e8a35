package cli_test

import (
	"strings"
	"testing"
)

// TestMove checks that the commands that import data run on the embedded database.
func TestMove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, step := range []struct{ input, command, want string }{
		{"email\nann@example.org\n", "users import -", "Created 1 account; 0 existed already.\n"},
		{"", "users reindex", "Changed 0 accounts of 1.\n"},
		// baobab
		{"", "import", "Import data from other programs\n"},
		// baobab
		{"", "import baobab", "Error: baobab needs one DATABASE_URL: the address of the original's database\nsee guestlist " +
			"import baobab --help\n"},
		// baobab
		{"", "import baobab sqlite:///x.db",
			"Error: the address of the original's database must have the form postgres://user@host:5432/name\n"},
		// baobab
		{"", "import baobap", "Error: unknown command \"baobap\" for \"guestlist import\"\ndid you mean baobab?\n"},
	} {
		stdout, stderr, _ := run(t, dir, nil, step.input, strings.Fields(step.command)...)
		if !strings.HasPrefix(stdout+stderr, step.want) {
			t.Errorf("%s: got %s%s, want %s", step.command, stdout, stderr, step.want)
		}
	}
}
