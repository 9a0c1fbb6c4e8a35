package users_test

import (
	"strings"
	"testing"

	"guestlist/app/events"
)

// TestShowCommandNamesTheRoles shows a user with roles in events.
func TestShowCommandNamesTheRoles(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "gala")
	a.RegisterWithRole(t, "ann@example.org", event.ID, "reviewer")
	if got := a.run(t, "show", "ann@example.org"); !strings.HasSuffix(got, "\nRole           reviewer in event 1\n") {
		t.Errorf("got %s, want the role reviewer in event 1 on the last line", got)
	}
}

// TestLastAdministratorOfAnEventByCommand checks that a command that would leave an event without an administrator
// names the event.
func TestLastAdministratorOfAnEventByCommand(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.RegisterWithRole(t, "ann@example.org", a.CreateEvent(t, "gala").ID, events.Administrator)
	for _, command := range []string{"block", "delete", "erase"} {
		out, err := a.operate(t, command, "ann@example.org")
		if want := "ann@example.org is the last administrator of these events: gala"; err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q and error %v, want one with %q", command, out, err, want)
		}
	}
}
