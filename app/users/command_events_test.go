package users_test

import (
	"strings"
	"testing"
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
