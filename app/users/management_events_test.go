package users_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/utils"
)

// TestBlockTheLast tries to block the last administrators of the system and of an event. Blocked ones do not count.
func TestBlockTheLast(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "gala")
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.RegisterWithRole(t, "ann@example.org", event.ID, events.Administrator)
	bob := a.RegisterWithRole(t, "bob@example.org", event.ID, events.Administrator)
	service := a.manager()
	if _, _, err := service.Block(t.Context(), audit.Operator(), root.ID); !errors.Is(err, utils.ErrLastAdministrator) {
		t.Errorf("block the last administrator of the system: got %v, want utils.ErrLastAdministrator", err)
	}
	if status := a.manage(t, root.Token, ann.ID, "block").Status; status != http.StatusOK {
		t.Fatalf("got %d, want 200", status)
	}
	last := a.manage(t, root.Token, bob.ID, "block").Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
	if !slices.Equal(last.Events, []string{"gala"}) {
		t.Errorf("got the events %v, want [gala]", last.Events)
	}
	a.Send(t, apptest.Request{Method: http.MethodDelete, Path: "/api/v1/user", Token: bob.Token}).
		Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
	a.Send(t, apptest.Request{
		Method: http.MethodDelete, Path: "/api/v1/event-roles", Token: root.Token,
		Body: map[string]any{"event_id": event.ID, "user_id": bob.ID, "role": events.Administrator},
	}).Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")

	other := a.RegisterAdmin(t, "other@example.org")
	if status := a.manage(t, root.Token, other.ID, "block").Status; status != http.StatusOK {
		t.Fatalf("got %d, want 200", status)
	}
	_, _, err := service.SetAdmin(t.Context(), audit.Operator(), root.Email, false)
	if !errors.Is(err, utils.ErrLastAdministrator) {
		t.Errorf("revoke the last administrator: got %v, want utils.ErrLastAdministrator", err)
	}
	_, _, err = service.DeleteByEmail(t.Context(), audit.Operator(), root.Email)
	if !errors.Is(err, utils.ErrLastAdministrator) {
		t.Errorf("delete the last administrator: got %v, want utils.ErrLastAdministrator", err)
	}
	for _, email := range []string{other.Email, ann.Email} { // these are blocked, so they can be deleted
		if _, _, err := service.DeleteByEmail(t.Context(), audit.Operator(), email); err != nil {
			t.Errorf("delete %s: got %v, want no error", email, err)
		}
	}
	_, _, err = service.DeleteByEmail(t.Context(), audit.Operator(), bob.Email)
	if !errors.Is(err, utils.ErrLastAdministrator) {
		t.Errorf("delete the last administrator of the event: got %v, want utils.ErrLastAdministrator", err)
	}
}
