package events_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/users"
	"guestlist/app/utils"
)

func (a testApp) user(t *testing.T, id int64) *users.User {
	t.Helper()
	user, err := users.Find(t.Context(), a.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// cast returns the tokens of callers: an anonymous one, a stranger, users with a role in event 1, an administrator of
// event 2, and a system administrator.
func (a testApp) cast(t *testing.T) map[string]string {
	t.Helper()
	one, two := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	return map[string]string{
		"nobody":       "",
		"stranger":     a.Register(t, "stranger@example.org").Token,
		"volunteer":    a.RegisterWithRole(t, "volunteer@example.org", one.ID, events.RegistrationVolunteer).Token,
		"treasurer":    a.RegisterWithRole(t, "treasurer@example.org", one.ID, events.Treasurer).Token,
		"registration": a.RegisterWithRole(t, "registration@example.org", one.ID, events.RegistrationAdmin).Token,
		"admin":        a.RegisterWithRole(t, "admin@example.org", one.ID, events.Administrator).Token,
		"other admin":  a.RegisterWithRole(t, "other@example.org", two.ID, events.Administrator).Token,
		"system":       a.RegisterAdmin(t, "root@example.org").Token,
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	cast := a.cast(t)
	target := a.Register(t, "target@example.org")
	role := func(event int64, role string) map[string]any {
		return map[string]any{"event_id": event, "email": target.Email, "role": role}
	}
	all := []string{"stranger", "volunteer", "treasurer", "registration", "admin", "other admin", "system"}
	for name, test := range map[string]struct {
		method, path string
		body         any
		may          []string
	}{
		"create":          {http.MethodPost, "event", body(nil), []string{"system"}},
		"read":            {http.MethodGet, "event?id=1", nil, all},
		"read by key":     {http.MethodGet, "event-by-key?event_key=one", nil, all},
		"list":            {http.MethodGet, "events", nil, all},
		"update":          {http.MethodPut, "event?id=1", body(map[string]any{"key": "one"}), []string{"admin", "system"}},
		"list roles":      {http.MethodGet, "event-roles?event_id=1", nil, []string{"registration", "admin", "system"}},
		"grant admin":     {http.MethodPost, "event-roles", role(1, "admin"), []string{"admin", "system"}},
		"grant registrar": {http.MethodPost, "event-roles", role(1, "registration-admin"), []string{"admin", "system"}},
		"grant volunteer": {http.MethodPost, "event-roles", role(1, "registration-volunteer"),
			[]string{"registration", "admin", "system"}},
		"grant treasurer": {http.MethodPost, "event-roles", role(1, "treasurer"), []string{"admin", "system"}},
		"grant reviewer":  {http.MethodPost, "event-roles", role(1, "reviewer"), []string{"admin", "system"}},
		"revoke admin":    {http.MethodDelete, "event-roles", role(1, "admin"), []string{"admin", "system"}},
		"revoke volunteer": {http.MethodDelete, "event-roles", role(1, "registration-volunteer"),
			[]string{"registration", "admin", "system"}},
		"revoke an old one": {
			http.MethodDelete, "event-roles?event_id=1&email=target@example.org&role=abolished", nil,
			[]string{"admin", "system"},
		},
		"grant elsewhere": {http.MethodPost, "event-roles", role(2, "reviewer"), []string{"other admin", "system"}},
		"no such event":   {http.MethodPost, "event-roles", role(99, "reviewer"), nil},
	} {
		for who, token := range cast {
			got := a.call(t, test.method, test.path, token, test.body)
			may := false
			for _, name := range test.may {
				may = may || name == who
			}
			denied := got.Status == http.StatusForbidden || got.Status == http.StatusUnauthorized || name == "no such event" &&
				got.Status == http.StatusNotFound
			if may == denied || got.Status >= 500 {
				t.Errorf("%s by %s: got %d %s, want it allowed: %v", name, who, got.Status, got.Body, may)
			}
			if who == "nobody" && got.Status != http.StatusUnauthorized {
				t.Errorf("%s by nobody: got %d %s, want 401", name, got.Status, got.Body)
			}
		}
	}
}

// TestEmailFrom checks that the sender's address of event 1 is shown only to its administrators.
func TestEmailFrom(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	cast := a.cast(t)
	if err := a.DB.Model(&events.Event{}).Where("id = 1").Update("email_from", "sender@example.org").Error; err != nil {
		t.Fatal(err)
	}
	for who, token := range cast {
		if who == "nobody" {
			continue
		}
		admin := who == "admin" || who == "system"
		for _, path := range []string{"event?id=1", "event-by-key?event_key=one", "events"} {
			got := a.call(t, http.MethodGet, path, token, nil)
			if got.Status != http.StatusOK || strings.Contains(got.Body, `"email_from":"sender@example.org"`) != admin {
				t.Errorf("%s by %s: got %d %s, want 200 and the sender shown: %v", path, who, got.Status, got.Body, admin)
			}
			if want := `"email_from":null`; path != "events" && !admin && !strings.Contains(got.Body, want) {
				t.Errorf("%s by %s: the event lacks %s: %s", path, who, want, got.Body)
			}
		}
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	for email, want := range map[string]error{"admin@example.org": nil, "reviewer@example.org": utils.ErrForbidden,
		"stranger@example.org": utils.ErrForbidden} {
		user := a.RegisterVerified(t, email)
		switch email[0] {
		case 'a':
			a.Grant(t, event.ID, user.ID, events.Reviewer)
			a.Grant(t, event.ID, user.ID, events.Administrator)
		case 'r':
			a.Grant(t, event.ID, user.ID, events.Reviewer)
		}
		if err := events.Admin(t.Context(), a.DB, a.user(t, user.ID), event.ID); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", email, err, want)
		}
		if err := events.Admin(t.Context(), a.DB, a.user(t, user.ID), event.ID+1); !errors.Is(err, utils.ErrEventNotFound) {
			t.Errorf("%s elsewhere: got %v, want %v", email, err, utils.ErrEventNotFound)
		}
	}
	root := a.user(t, a.RegisterAdmin(t, "root@example.org").ID)
	if err := events.Admin(t.Context(), a.DB, root, event.ID); err != nil {
		t.Error(err)
	}
	if err := events.Admin(t.Context(), a.DB, root, event.ID+1); !errors.Is(err, utils.ErrEventNotFound) {
		t.Error(err)
	}
}

// TestDemoted checks that a role cannot be used with an earlier token after it is revoked.
func TestDemoted(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	first := a.RegisterWithRole(t, "first@example.org", event.ID, events.Administrator)
	second := a.RegisterWithRole(t, "second@example.org", event.ID, events.Administrator)
	gone := map[string]any{"event_id": event.ID, "email": "second@EXAMPLE.org", "role": "admin"}
	if got := a.call(t, http.MethodDelete, "event-roles", first.Token, gone); got.Status != http.StatusOK ||
		strings.Count(got.Body, `"id"`) != 1 {
		t.Fatalf("got %d %s, want 200 with 1 role", got.Status, got.Body)
	}
	back := map[string]any{"event_id": event.ID, "user_id": second.ID, "role": "admin"}
	a.call(t, http.MethodPost, "event-roles", second.Token, back).Error(t, http.StatusForbidden, "FORBIDDEN")
	a.call(t, http.MethodPut, "event?id=1", second.Token, body(nil)).Error(t, http.StatusForbidden, "FORBIDDEN")
	var session struct {
		Roles []users.EventRole `json:"roles"`
	}
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/authenticationrefresh", Token: second.Token}).
		Decode(t, http.StatusOK, &session)
	if session.Roles == nil || len(session.Roles) != 0 {
		t.Errorf("got the roles %#v, want an empty list, not null", session.Roles)
	}
}
