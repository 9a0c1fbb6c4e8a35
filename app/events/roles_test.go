package events_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	a := testApp{apptest.New(t, func(c *app.Config) { c.EventRoles = []string{"speaker"} })}
	event, other := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	admin := a.RegisterWithRole(t, "admin@example.org", event.ID, events.Administrator)
	a.Grant(t, other.ID, admin.ID, events.Administrator)
	ann := a.RegisterVerified(t, "ann@example.org")
	grant := map[string]any{"event_id": event.ID, "email": "ann@Example.org", "role": "speaker"}
	want := fmt.Sprintf(`{"id":3,"event_id":1,"role":"speaker","user":{"user_id":%d,"email":"ann@example.org","firstname":"","lastname":"","user_title":""}}`, ann.ID)
	if got := a.call(t, http.MethodPost, "event-roles", admin.Token, grant); got.Status != http.StatusCreated || got.Body != want {
		t.Errorf("got %d %s, want %s", got.Status, got.Body, want)
	}
	a.call(t, http.MethodPost, "event-roles", admin.Token, grant).Error(t, http.StatusConflict, "EVENT_ROLE_IN_USE")
	if got := a.call(t, http.MethodGet, "event-roles?event_id=1", admin.Token, nil); got.Status != http.StatusOK || !strings.HasSuffix(got.Body, ","+want+"]") || strings.Count(got.Body, `"id"`) != 2 {
		t.Errorf("got %s", got.Body)
	}
	var session struct{ Roles []map[string]any }
	a.call(t, http.MethodPost, "authenticate", "", map[string]any{"email": ann.Email, "password": apptest.Password}).Decode(t, http.StatusOK, &session)
	if fmt.Sprint(session.Roles) != "[map[event_id:1 role:speaker]]" {
		t.Errorf("the session's roles are %v", session.Roles)
	}
	a.Grant(t, other.ID, ann.ID, "host")
	a.call(t, http.MethodDelete, "event-roles", admin.Token, map[string]any{"event_id": other.ID, "user_id": ann.ID, "role": "speaker"}).
		Error(t, http.StatusNotFound, "EVENT_ROLE_NOT_FOUND")
	own := fmt.Sprintf("event-roles?event_id=1&user_id=%d&role=speaker", ann.ID)
	if got := a.call(t, http.MethodDelete, own, ann.Token, nil); got.Status != http.StatusOK || got.Body != "{}" {
		t.Errorf("to give up a role of one's own is answered %d %s", got.Status, got.Body)
	}
	a.call(t, http.MethodDelete, own, ann.Token, nil).Error(t, http.StatusNotFound, "EVENT_ROLE_NOT_FOUND")
	a.Grant(t, event.ID, ann.ID, "speaker")
	if got := a.call(t, http.MethodDelete, "event-roles", ann.Token, grant); got.Status != http.StatusOK {
		t.Errorf("to give up a role of one's own by the address is answered %d %s", got.Status, got.Body)
	}
	found, err := audit.Find(t.Context(), a.DB, audit.Filter{UserID: ann.ID})
	if err != nil || len(found) < 3 {
		t.Fatal(found, err)
	}
	granted, removed := found[1], found[len(found)-1]
	if granted.Kind != audit.RoleGranted || *granted.ActorID != admin.ID || removed.Kind != audit.RoleRemoved || *removed.ActorID != ann.ID ||
		removed.Detail != `{"event_id":1,"role":"speaker"}` {
		t.Errorf("audited %+v, %+v", granted, removed)
	}
}

func TestRolesRefuse(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	admin := a.RegisterWithRole(t, "admin@example.org", event.ID, events.Administrator)
	for name, test := range map[string]struct {
		change map[string]any
		field  string
	}{
		"no event":       {map[string]any{"event_id": nil}, "event_id"},
		"event 0":        {map[string]any{"event_id": 0}, "event_id"},
		"event as text":  {map[string]any{"event_id": "1"}, "event_id"},
		"nobody":         {map[string]any{"user_id": nil}, "user_id"},
		"user -1":        {map[string]any{"user_id": -1}, "user_id"},
		"both":           {map[string]any{"email": "a@example.org"}, "email"},
		"not an address": {map[string]any{"user_id": 0, "email": "a"}, "email"},
		"no role":        {map[string]any{"role": ""}, "role"},
	} {
		request := map[string]any{"event_id": event.ID, "user_id": admin.ID, "role": "reviewer"}
		maps.Copy(request, test.change)
		for _, method := range []string{http.MethodPost, http.MethodDelete} {
			got := a.call(t, method, "event-roles", admin.Token, request).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
			if len(got.Errors) != 1 || got.Errors[test.field] == "" {
				t.Errorf("%s, %s: %v", name, method, got.Errors)
			}
		}
	}
	unknown := map[string]any{"event_id": event.ID, "user_id": admin.ID, "role": "Admin"}
	if got := a.call(t, http.MethodPost, "event-roles", admin.Token, unknown).Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["role"] == "" {
		t.Errorf("an unknown role: %v", got.Errors)
	}
	for _, nobody := range []map[string]any{{"event_id": event.ID, "user_id": 99, "role": "reviewer"}, {"event_id": event.ID, "email": "x@example.org", "role": "reviewer"}} {
		a.call(t, http.MethodPost, "event-roles", admin.Token, nobody).Error(t, http.StatusNotFound, "USER_NOT_FOUND")
		a.call(t, http.MethodDelete, "event-roles", admin.Token, nobody).Error(t, http.StatusNotFound, "USER_NOT_FOUND")
	}
	if got := a.call(t, http.MethodGet, "event-roles?event_id=x", admin.Token, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["event_id"] == "" {
		t.Errorf("%v", got.Errors)
	}
}

func TestGrantAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org")
	statuses := a.atOnce(20, func(int) apptest.Response {
		return a.call(t, http.MethodPost, "event-roles", root.Token, map[string]any{"event_id": event.ID, "user_id": root.ID, "role": "reviewer"})
	})
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusConflict] != 19 {
		t.Errorf("answered %v", statuses)
	}
}

func TestCheckRoles(t *testing.T) {
	t.Parallel()
	for roles, ok := range map[string]bool{
		"": true, "speaker": true, "speaker host-2": true, "admin": false, "speaker speaker": false, "Speaker": false, "2nd": false, "a_b": false,
		strings.Repeat("x", 50): true, strings.Repeat("x", 51): false,
	} {
		if err := events.CheckRoles(strings.Fields(roles)); (err == nil) != ok {
			t.Errorf("%q: %v", roles, err)
		}
	}
}
