package cli_test

import (
	"strings"
	"testing"
)

// TestMoveEvents checks that the commands that import events and guests run on the embedded database, and that events
// can be exported again.
func TestMoveEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const event = `{"key":"gala","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30",` +
		`"end_date":"2100-01-31",` +
		`"roles":[{"email":"ann@example.org","role":"admin"}]}`
	for _, step := range []struct{ input, command, want string }{
		{"email\nann@example.org\n", "users import -", "Created 1 account; 0 existed already.\n"},
		{event, "events import -", "Created 1 event; 0 existed already.\n"},
		// invitedguest
		{"email\nbob@example.org\n", "guests import --event gala --role guest -",
			"Created 1 guest; 0 were invited already.\n"},
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
