package events_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/users"
)

// TestPendingRole checks that a role that is granted to an unverified address has no effect until the address is
// verified.
func TestPendingRole(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.Register(t, "ann@example.org")
	grant := map[string]any{"event_id": event.ID, "email": ann.Email, "role": "admin"}
	granted := a.call(t, http.MethodPost, "event-roles", root.Token, grant)
	if want := `,"pending":true}]`; granted.Status != http.StatusOK || !strings.HasSuffix(granted.Body, want) {
		t.Errorf("granted: got %d %s, want 200 and what ends with %s", granted.Status, granted.Body, want)
	}
	a.call(t, http.MethodPost, "event-roles", root.Token, grant).Error(t, http.StatusConflict, "EVENT_ROLE_IN_USE")
	for _, verified := range []bool{false, true} {
		if verified {
			a.Verify(t, ann.ID)
		}
		list := a.call(t, http.MethodGet, "event-roles?event_id=1", root.Token, nil)
		if list.Status != http.StatusOK || strings.Contains(list.Body, `"pending":true`) == verified {
			t.Errorf("verified %v: got %d %s, want 200 and a pending role: %v", verified, list.Status, list.Body, !verified)
		}
		want := http.StatusForbidden
		if verified {
			want = http.StatusOK
		}
		got := a.call(t, http.MethodPut, "event?id=1", ann.Token, body(map[string]any{"key": "one"}))
		if got.Status != want {
			t.Errorf("verified %v: got %d %s, want %d", verified, got.Status, got.Body, want)
		}
		read := a.call(t, http.MethodGet, "event?id=1", ann.Token, nil)
		if hidden := strings.Contains(read.Body, `"email_from":null`); hidden == verified {
			t.Errorf("verified %v: got %s, want email_from to be null: %t", verified, read.Body, !verified)
		}
	}
}

// TestLastAdministratorInEffect checks that pending administrators of an event and of the system do not count when the
// last one is to be revoked or deleted.
func TestLastAdministratorInEffect(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.RegisterWithRole(t, "ann@example.org", event.ID, events.Administrator)
	bob := a.Register(t, "bob@example.org")
	a.Grant(t, event.ID, bob.ID, events.Administrator)
	if err := a.DB.Model(&users.User{}).Where("id = ?", bob.ID).UpdateColumn("is_admin", true).Error; err != nil {
		t.Fatal(err)
	}
	revoke := func(user apptest.User) apptest.Response {
		return a.call(t, http.MethodDelete, "event-roles", root.Token,
			map[string]any{"event_id": event.ID, "email": user.Email, "role": "admin"})
	}
	for _, got := range []apptest.Response{revoke(ann), a.deleteAccount(t, ann)} {
		refused := got.Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
		if want := []string{"one"}; !slices.Equal(refused.Events, want) {
			t.Errorf("got the events %v, want %v", refused.Events, want)
		}
	}
	a.deleteAccount(t, root).Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")

	a.Grant(t, event.ID, root.ID, events.Administrator)
	if got := revoke(ann); got.Status != http.StatusOK {
		t.Errorf("one of two: got %d %s, want 200", got.Status, got.Body)
	}
	revoke(root).Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
	if got := revoke(bob); got.Status != http.StatusOK {
		t.Errorf("a pending one: got %d %s, want 200", got.Status, got.Body)
	}
	a.Grant(t, event.ID, bob.ID, events.Administrator)
	a.Verify(t, bob.ID)
	if got := a.deleteAccount(t, root); got.Status != http.StatusOK {
		t.Errorf("when the other is in effect: got %d %s, want 200", got.Status, got.Body)
	}
	a.deleteAccount(t, bob).Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
}

// TestPendingAdministratorsAtOnce verifies the addresses of pending administrators of the system and of an event while,
// at the same time, they and the one in effect are deleted and lose the role. It checks that one in effect remains.
func TestPendingAdministratorsAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const people = 6
	for round := range 3 {
		event := a.CreateEvent(t, fmt.Sprintf("event-%d", round))
		all := []apptest.User{a.RegisterAdmin(t, fmt.Sprintf("first-%d@example.org", round))}
		a.Grant(t, event.ID, all[0].ID, events.Administrator)
		a.Mails(t)
		for i := range people {
			user := a.Register(t, fmt.Sprintf("admin%d-%d@example.org", round, i))
			a.Grant(t, event.ID, user.ID, events.Administrator)
			if err := a.DB.Model(&users.User{}).Where("id = ?", user.ID).UpdateColumn("is_admin", true).Error; err != nil {
				t.Fatal(err)
			}
			all = append(all, user)
		}
		links := map[string]string{}
		for _, m := range a.Mails(t) {
			links[m.To.Address] = regexp.MustCompile(`verify-email\?token=\S+`).FindString(m.Content.Text)
		}
		statuses := a.atOnce(3*len(all), func(i int) apptest.Response {
			user := all[i/3]
			switch i % 3 {
			case 0:
				return a.call(t, http.MethodGet, links[user.Email], "", nil)
			case 1:
				role := map[string]any{"event_id": event.ID, "email": user.Email, "role": events.Administrator}
				return a.call(t, http.MethodDelete, "event-roles", all[0].Token, role)
			}
			return a.deleteAccount(t, user)
		})
		if statuses[http.StatusInternalServerError]+statuses[http.StatusServiceUnavailable] > 0 {
			t.Errorf("got the statuses %v, want none of 500 and 503", statuses)
		}
		var ofSystem, ofEvent int64
		err := errors.Join(
			users.InEffect(a.DB.Model(&users.User{}), "users").Where("is_admin").Count(&ofSystem).Error,
			users.InEffect(a.DB.Model(&events.Role{}).InnerJoins("User"), "User").
				Where("event_id = ? AND role = ?", event.ID, events.Administrator).Count(&ofEvent).Error,
		)
		if err != nil || ofSystem < 1 || ofEvent < 1 {
			t.Errorf("left are %d of the system and %d of the event, %v; want at least one of each", ofSystem, ofEvent, err)
		}
	}
}
