package events_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
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
	a.call(t, http.MethodPut, "user", ann.Token, map[string]any{"firstname": "Ann", "lastname": "Lee"}).
		Decode(t, http.StatusOK, &struct{}{})
	own := fmt.Sprintf(`{"id":1,"event_id":1,"user_id":%d,"user":"admin@example.org","role":"admin"}`, admin.ID)
	want := fmt.Sprintf(`[%s,{"id":3,"event_id":1,"user_id":%d,"user":"Ann Lee (ann@example.org)","role":"speaker"}]`,
		own, ann.ID)
	if got := a.call(t, http.MethodPost, "event-roles", admin.Token, grant); got.Status != http.StatusOK ||
		got.Body != want {
		t.Errorf("got %d %s, want %s", got.Status, got.Body, want)
	}
	const inUse = "This user already has this role for this event."
	if got := a.call(t, http.MethodPost, "event-roles", admin.Token, grant).
		Error(t, http.StatusConflict, "EVENT_ROLE_IN_USE"); got.Message != inUse {
		t.Errorf("got the message %q, want %q, with which the client compares it", got.Message, inUse)
	}
	if got := a.call(t, http.MethodGet, "event-roles?event_id=1", admin.Token, nil); got.Status != http.StatusOK ||
		got.Body != want {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, want)
	}
	var session struct{ Roles []map[string]any }
	a.call(t, http.MethodPost, "authenticate", "", map[string]any{"email": ann.Email, "password": apptest.Password}).
		Decode(t, http.StatusOK, &session)
	if got, want := fmt.Sprint(session.Roles), "[map[event_id:1 role:speaker]]"; got != want {
		t.Errorf("the session's roles are %s, want %s", got, want)
	}
	a.Grant(t, other.ID, ann.ID, "host")
	a.call(t, http.MethodDelete, "event-roles", admin.Token, map[string]any{"event_id": other.ID, "user_id": ann.ID,
		"role": "speaker"}).
		Error(t, http.StatusNotFound, "EVENT_ROLE_NOT_FOUND")
	anns := fmt.Sprintf("event-roles?event_id=1&user_id=%d&role=speaker", ann.ID)
	if got := a.call(t, http.MethodDelete, anns, ann.Token, nil); got.Status != http.StatusOK || got.Body != "[]" {
		t.Errorf("giving up one's own role: got %d %s, want 200 []", got.Status, got.Body)
	}
	a.call(t, http.MethodDelete, anns, ann.Token, nil).Error(t, http.StatusNotFound, "EVENT_ROLE_NOT_FOUND")
	a.Grant(t, event.ID, ann.ID, "speaker")
	if got := a.call(t, http.MethodDelete, "event-roles", ann.Token, grant); got.Status != http.StatusOK {
		t.Errorf("giving up one's own role by address: got %d %s, want 200", got.Status, got.Body)
	}
	found, err := audit.Find(t.Context(), a.DB, audit.Filter{UserID: ann.ID})
	if err != nil || len(found) < 3 {
		t.Fatalf("got the events %v, %v; want at least 3", found, err)
	}
	granted, removed := found[1], found[len(found)-1]
	if granted.Kind != audit.RoleGranted || *granted.ActorID != admin.ID {
		t.Errorf("audited %s by %d, want %s by %d", granted.Kind, *granted.ActorID, audit.RoleGranted, admin.ID)
	}
	const detail = `{"event_id":1,"role":"speaker"}`
	if removed.Kind != audit.RoleRemoved || *removed.ActorID != ann.ID || removed.Detail != detail {
		t.Errorf("audited %s %s by %d, want %s %s by %d", removed.Kind, removed.Detail, *removed.ActorID, audit.RoleRemoved,
			detail, ann.ID)
	}
}

// TestRevokeByID checks that roles can be revoked by their ids in the list, by callers who may do so.
func TestRevokeByID(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	one, two := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	admin := a.RegisterWithRole(t, "admin@example.org", one.ID, events.Administrator)       // 1
	registrar := a.RegisterWithRole(t, "reg@example.org", one.ID, events.RegistrationAdmin) // 2
	ann := a.RegisterWithRole(t, "ann@example.org", one.ID, events.Reviewer)                // 3
	a.RegisterWithRole(t, "other@example.org", two.ID, events.Administrator)                // 4
	stranger := a.Register(t, "stranger@example.org")
	byID := func(event, role int64) string {
		return fmt.Sprintf("event-roles?event_id=%d&event_role_id=%d", event, role)
	}
	for _, test := range []struct {
		who  apptest.User
		path string
		code int
		kind string
	}{
		{stranger, byID(one.ID, 3), http.StatusForbidden, "FORBIDDEN"},
		{stranger, byID(one.ID, 99), http.StatusForbidden, "FORBIDDEN"}, // as if it existed
		{registrar, byID(one.ID, 3), http.StatusForbidden, "FORBIDDEN"},
		{registrar, byID(one.ID, 99), http.StatusNotFound, "EVENT_ROLE_NOT_FOUND"},
		{admin, byID(one.ID, 4), http.StatusNotFound, "EVENT_ROLE_NOT_FOUND"}, // of another event
		{admin, byID(two.ID, 4), http.StatusForbidden, "FORBIDDEN"},
		{admin, byID(99, 4), http.StatusNotFound, "EVENT_NOT_FOUND"},
		{admin, byID(one.ID, 1), http.StatusConflict, "LAST_ADMINISTRATOR"},
		{admin, byID(one.ID, 0), http.StatusBadRequest, "VALIDATION_FAILED"},
		{admin, byID(0, 3), http.StatusBadRequest, "VALIDATION_FAILED"},
		{admin, byID(one.ID, 3) + "&role=admin", http.StatusBadRequest, "VALIDATION_FAILED"},
		{admin, byID(one.ID, 3) + "&user_id=3", http.StatusBadRequest, "VALIDATION_FAILED"},
	} {
		a.call(t, http.MethodDelete, test.path, test.who.Token, nil).Error(t, test.code, test.kind)
	}
	left := func(got apptest.Response, ids string) {
		t.Helper()
		var roles []struct{ ID int64 }
		got.Decode(t, http.StatusOK, &roles)
		if fmt.Sprint(roles) != ids {
			t.Errorf("the roles %v are left, want %s", roles, ids)
		}
	}
	left(a.call(t, http.MethodDelete, byID(one.ID, 3), admin.Token, nil), "[{1} {2}]")
	a.call(t, http.MethodDelete, byID(one.ID, 3), admin.Token, nil).Error(t, http.StatusNotFound, "EVENT_ROLE_NOT_FOUND")
	a.Grant(t, one.ID, ann.ID, events.Reviewer)
	left(a.call(t, http.MethodDelete, "event-roles", ann.Token, map[string]any{"event_id": one.ID, "event_role_id": 5}),
		"[]")
	left(a.call(t, http.MethodDelete, byID(one.ID, 2), registrar.Token, nil), "[]") // who may no longer list roles
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
		"no user":        {map[string]any{"user_id": nil}, "user_id"},
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
				t.Errorf("%s, %s: got the errors %v, want one of %s", name, method, got.Errors, test.field)
			}
		}
	}
	unknown := map[string]any{"event_id": event.ID, "user_id": admin.ID, "role": "Admin"}
	if got := a.call(t, http.MethodPost, "event-roles", admin.Token, unknown).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["role"] == "" {
		t.Errorf("an unknown role: got the errors %v, want one of role", got.Errors)
	}
	const noUser = "No user exists with that email"
	for _, nobody := range []map[string]any{{"event_id": event.ID, "user_id": 99, "role": "reviewer"},
		{"event_id": event.ID, "email": "x@example.org", "role": "reviewer"}} {
		if got := a.call(t, http.MethodPost, "event-roles", admin.Token, nobody).
			Error(t, http.StatusNotFound, "USER_NOT_FOUND"); got.Message != noUser {
			t.Errorf("got the message %q, want %q, with which the client compares it", got.Message, noUser)
		}
		a.call(t, http.MethodDelete, "event-roles", admin.Token, nobody).Error(t, http.StatusNotFound, "USER_NOT_FOUND")
	}
	if got := a.call(t, http.MethodGet, "event-roles?event_id=x", admin.Token, nil).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["event_id"] == "" {
		t.Errorf("got the errors %v, want one of event_id", got.Errors)
	}
}

func TestGrantAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org")
	statuses := a.atOnce(20, func(int) apptest.Response {
		return a.call(t, http.MethodPost, "event-roles", root.Token, map[string]any{"event_id": event.ID, "user_id": root.ID,
			"role": "reviewer"})
	})
	if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != 19 {
		t.Errorf("got the statuses %v, want 200 once and 409 19 times", statuses)
	}
}

func TestParseRoles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, "speaker": {"speaker"}, strings.Repeat("x", 50): {strings.Repeat("x", 50)},
		" speaker,,host-2, ": {"speaker", "host-2"}, //nolint:gocritic // blanks are what is tried
	} {
		if got, err := events.ParseRoles(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"admin", "speaker,speaker", "Speaker", "speaker host", "2nd", "a_b",
		strings.Repeat("x", 51)} {
		if got, err := events.ParseRoles(text); err == nil {
			t.Errorf("%q: got %q, want an error", text, got)
		}
	}
}
