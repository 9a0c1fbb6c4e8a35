package events_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// deleted marks an account as deleted, bypassing the check for last administrators.
func (a testApp) deleted(t *testing.T, userID int64) {
	t.Helper()
	if err := a.DB.Delete(&users.User{}, userID).Error; err != nil {
		t.Fatal(err)
	}
}

func (a testApp) deleteAccount(t *testing.T, user apptest.User) apptest.Response {
	t.Helper()
	return a.call(t, http.MethodDelete, "user", user.Token, nil)
}

// TestLastAdministrator checks that the last administrator of an event keeps the role if all are revoked at the same
// time, by themselves and by a system administrator, and if only the last one is left to revoke.
func TestLastAdministrator(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root := a.RegisterAdmin(t, "root@example.org")
	gone := a.RegisterWithRole(t, "gone@example.org", event.ID, events.Administrator)
	a.deleted(t, gone.ID) // and so administers nothing any more
	var admins []apptest.User
	for i := range 8 {
		admins = append(admins, a.RegisterWithRole(t, fmt.Sprintf("admin%d@example.org", i), event.ID, events.Administrator))
	}
	list := a.call(t, http.MethodGet, "event-roles?event_id=1", root.Token, nil).Body
	if strings.Count(list, `"role":"admin"`) != len(admins) || strings.Contains(list, gone.Email) {
		t.Errorf("the administrators are %s, want %d without the deleted one", list, len(admins))
	}
	statuses := a.atOnce(len(admins), func(i int) apptest.Response {
		caller := admins[i]
		if i%2 == 0 {
			caller = root
		}
		return a.call(t, http.MethodDelete, "event-roles", caller.Token,
			map[string]any{"event_id": event.ID, "user_id": admins[i].ID, "role": "admin"})
	})
	if statuses[http.StatusOK] != 7 || statuses[http.StatusConflict] != 1 {
		t.Errorf("got the statuses %v, want 200 7 times and 409 once", statuses)
	}
	var left events.Role
	if err := a.DB.Where("user_id <> ?", gone.ID).Take(&left).Error; err != nil {
		t.Fatal(err)
	}
	last := map[string]any{"event_id": event.ID, "user_id": left.UserID, "role": "admin"}
	got := a.call(t, http.MethodDelete, "event-roles", root.Token, last).
		Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
	if want := []string{"one"}; !slices.Equal(got.Events, want) {
		t.Errorf("got the events %v, want %v", got.Events, want)
	}
	if removed, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.RoleRemoved}); err != nil ||
		len(removed) != 7 {
		t.Errorf("audited %d, %v; want 7", len(removed), err)
	}
}

// TestDeleteLastAdministrator checks that the last administrators of events and of the system cannot be deleted.
func TestDeleteLastAdministrator(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	one, two, three := a.CreateEvent(t, "one"), a.CreateEvent(t, "two"), a.CreateEvent(t, "three")
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.RegisterWithRole(t, "ann@example.org", two.ID, events.Administrator)
	a.Grant(t, one.ID, ann.ID, events.Administrator)
	a.Grant(t, three.ID, ann.ID, events.Administrator)
	a.Grant(t, one.ID, ann.ID, events.Reviewer)
	bob := a.RegisterWithRole(t, "bob@example.org", three.ID, events.Administrator)
	a.Grant(t, two.ID, bob.ID, events.Treasurer)
	gone := a.RegisterWithRole(t, "gone@example.org", one.ID, events.Administrator)
	a.deleted(t, gone.ID)

	refused := func(user apptest.User, want ...string) {
		t.Helper()
		got := a.deleteAccount(t, user).Error(t, http.StatusConflict, "LAST_ADMINISTRATOR")
		if !slices.Equal(got.Events, want) {
			t.Errorf("%s is the last of %v, want %v", user.Email, got.Events, want)
		}
		if still := a.call(t, http.MethodGet, "user", user.Token, nil); still.Status != http.StatusOK {
			t.Errorf("%s reads the account: got %d %s, want 200", user.Email, still.Status, still.Body)
		}
	}
	refused(ann, "one", "two")
	refused(root)
	a.Grant(t, two.ID, root.ID, events.Administrator)
	refused(ann, "one")
	a.Grant(t, one.ID, bob.ID, events.Administrator)
	for _, user := range []apptest.User{ann, a.RegisterAdmin(t, "other@example.org")} {
		if got := a.deleteAccount(t, user); got.Status != http.StatusOK || got.Body != "{}" {
			t.Errorf("%s: got %d %s, want 200 {}", user.Email, got.Status, got.Body)
		}
	}
	refused(root, "two")
	refused(bob, "one", "three")
	if found, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.Deleted}); err != nil || len(found) != 2 {
		t.Errorf("audited %d, %v; want 2", len(found), err)
	}
}

// TestAdministratorsDeletedAtOnce deletes all administrators of the system and of an event at the same time, while
// roles are granted and revoked. It checks that one of the system and one of the event remain.
func TestAdministratorsDeletedAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := users.NewService(a.DB,
		users.Options{Outbox: mail.NewOutbox(), EventRoles: events.NewService(a.DB, events.Options{})})
	const people = 8
	for round := range 3 {
		event := a.CreateEvent(t, fmt.Sprintf("event-%d", round))
		var all []apptest.User
		for i := range people {
			all = append(all, a.RegisterAdmin(t, fmt.Sprintf("admin%d-%d@example.org", round, i)))
			if i > 0 {
				a.Grant(t, event.ID, all[i].ID, events.Administrator)
			}
		}
		statuses := a.atOnce(3*people, func(i int) apptest.Response {
			user, caller := all[i/3], all[(i/3+1)%people]
			role := map[string]any{"event_id": event.ID, "user_id": user.ID, "role": events.Administrator}
			switch i % 3 {
			case 0:
				return a.call(t, http.MethodPost, "event-roles", caller.Token, role)
			case 1:
				return a.call(t, http.MethodDelete, "event-roles", caller.Token, role)
			}
			if i%2 == 0 {
				return a.deleteAccount(t, user)
			}
			_, _, err := service.DeleteByEmail(t.Context(), audit.Operator(), user.Email)
			if err != nil && !errors.Is(err, utils.ErrLastAdministrator) {
				t.Errorf("delete %s: %v", user.Email, err)
			}
			return apptest.Response{}
		})
		if statuses[http.StatusInternalServerError]+statuses[http.StatusServiceUnavailable] > 0 {
			t.Errorf("got the statuses %v, want none of 500 and 503", statuses)
		}
		var ofSystem, ofEvent int64
		err := errors.Join(
			a.DB.Model(&users.User{}).Where("is_admin").Count(&ofSystem).Error,
			a.DB.Model(&events.Role{}).InnerJoins("User").
				Where("event_id = ? AND role = ?", event.ID, events.Administrator).Count(&ofEvent).Error,
		)
		if err != nil || ofSystem < 1 || ofEvent < 1 {
			t.Errorf("left are %d of the system and %d of the event, %v; want at least one of each", ofSystem, ofEvent, err)
		}
	}
}
