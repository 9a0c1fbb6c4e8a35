package events_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestRolesReadNobodyOut checks that administrators cannot find out which accounts exist by granting and revoking
// roles.
func TestRolesReadNobodyOut(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	one, two := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	admin := a.RegisterWithRole(t, "admin@example.org", one.ID, events.Administrator)
	registrar := a.RegisterWithRole(t, "registrar@example.org", one.ID, events.RegistrationAdmin)
	reviewer := a.RegisterWithRole(t, "reviewer@example.org", one.ID, events.Reviewer)
	elsewhere := a.RegisterWithRole(t, "elsewhere@example.org", two.ID, events.RegistrationVolunteer)
	root := a.RegisterAdmin(t, "root@example.org")
	guest, stranger := a.Register(t, "guest@example.org"), a.Register(t, "stranger@example.org")
	invited := map[string]any{"event_id": one.ID, "email": guest.Email, "role": "guest"}
	if got := a.call(t, http.MethodPost, "invitedGuest", admin.Token, invited); got.Status != http.StatusCreated {
		t.Fatalf("invite: got %d %s, want 201", got.Status, got.Body)
	}
	role := func(member string, value any) map[string]any {
		return map[string]any{"event_id": one.ID, member: value, "role": events.RegistrationVolunteer}
	}
	nobody := func(caller apptest.User, method, member string, value any) string {
		t.Helper()
		got := a.call(t, method, "event-roles", caller.Token, role(member, value))
		problem := got.Error(t, http.StatusNotFound, "USER_NOT_FOUND")
		return strings.Replace(got.Body, problem.RequestID, "", 1)
	}
	for caller, hidden := range map[apptest.User][]apptest.User{
		registrar: {guest, elsewhere, stranger, root},
		admin:     {elsewhere, stranger, root},
	} {
		for _, user := range hidden {
			for _, method := range []string{http.MethodPost, http.MethodDelete} {
				if got, want := nobody(caller, method, "user_id", user.ID), nobody(caller, method, "user_id", 9999); got != want {
					t.Errorf("%s of %s by %s: got %s, want %s as for an unknown user", method, user.Email, caller.Email, got, want)
				}
			}
			got, want := nobody(caller, http.MethodDelete, "email", user.Email),
				nobody(caller, http.MethodDelete, "email", "x@example.org")
			if got != want {
				t.Errorf("revoking a role of %s: got %s, want %s as for an unknown user", user.Email, got, want)
			}
		}
	}
	for name, test := range map[string]struct {
		caller apptest.User
		who    map[string]any
	}{
		"one with a role":       {registrar, role("user_id", reviewer.ID)},
		"oneself":               {registrar, role("user_id", registrar.ID)},
		"a guest":               {admin, role("user_id", guest.ID)},
		"anybody by an address": {registrar, role("email", stranger.Email)},
		"anybody by the system": {root, role("user_id", elsewhere.ID)},
	} {
		if got := a.call(t, http.MethodPost, "event-roles", test.caller.Token, test.who); got.Status != http.StatusOK {
			t.Errorf("give it to %s: got %d %s, want 200", name, got.Status, got.Body)
		}
		if got := a.call(t, http.MethodDelete, "event-roles", test.caller.Token, test.who); got.Status != http.StatusOK {
			t.Errorf("take it from %s: got %d %s, want 200", name, got.Status, got.Body)
		}
	}
}
