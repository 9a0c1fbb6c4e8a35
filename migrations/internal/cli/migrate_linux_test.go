package cli

import (
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// TestMigrateAsksOnATerminal answers the question about a rename on a terminal, as a person does.
func TestMigrateAsksOnATerminal(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	keyboard, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = keyboard.Close(), terminal.Close() }()
	w.env.Stdin = terminal
	if w.env.Interactive = term.IsTerminal(int(terminal.Fd())); !w.env.Interactive {
		t.Fatal("it does not count as a terminal")
	}
	if _, err := keyboard.WriteString("y\n"); err != nil { // read when the question comes
		t.Fatal(err)
	}
	wantBody(t, w.migrate("bbbb", fullyNamed()), `m.RenameColumn("users", "name", "full_name")
m.RenameIndex("idx_users_name", "idx_users_full_name", "users")
--
m.RenameIndex("idx_users_full_name", "idx_users_name", "users")
m.RenameColumn("users", "full_name", "name")
`)
}
