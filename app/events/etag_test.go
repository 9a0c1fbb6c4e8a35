package events_test

import (
	"fmt"
	"net/http"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// ifMatch updates an event with an If-Match header.
func (a testApp) ifMatch(t *testing.T, token, tag, url string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodPut, Path: "/api/v1/event", Token: token, Body: body(map[string]any{"id": 1, "url": url}),
		Header: map[string]string{"If-Match": tag},
	})
}

func TestETag(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root, guest := a.RegisterAdmin(t, "root@example.org"), a.Register(t, "guest@example.org")
	precise := body(map[string]any{"registration_close": "2026-02-28T10:00:00.123456789Z"})
	created := a.call(t, http.MethodPost, "event", root.Token, precise)
	tag := created.Header.Get("ETag")
	if created.Status != http.StatusCreated || tag == "" {
		t.Fatalf("created %+v, want 201 and an entity tag", created)
	}
	for path, token := range map[string]string{"event?id=1": root.Token, "event?id=1&language=fr": guest.Token} {
		if got := a.call(t, http.MethodGet, path, token, nil).Header.Get("ETag"); got != tag {
			t.Errorf("%s: got the ETag %s, want %s", path, got, tag)
		}
	}
	changed := a.ifMatch(t, root.Token, `"another", `+tag, "one")
	if got := changed.Header.Get("ETag"); changed.Status != http.StatusOK || got == tag || got == "" {
		t.Errorf("changed %+v, want 200 and another entity tag than %s", changed, tag)
	}
	a.ifMatch(t, root.Token, tag, "two").Error(t, http.StatusPreconditionFailed, "CHANGED_MEANWHILE")
	a.ifMatch(t, root.Token, "W/"+changed.Header.Get("ETag"), "two").
		Error(t, http.StatusPreconditionFailed, "CHANGED_MEANWHILE")
	a.ifMatch(t, guest.Token, tag, "two").Error(t, http.StatusForbidden, "FORBIDDEN")
	if got := a.ifMatch(t, root.Token, "changed", "two").
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["If-Match"] == "" {
		t.Errorf("got the errors %v, want one for If-Match", got.Errors)
	}
	read := a.call(t, http.MethodGet, "event?id=1", root.Token, nil)
	if got := read.Header.Get("ETag"); got != changed.Header.Get("ETag") || read.Body != changed.Body {
		t.Errorf("read the ETag %s with %s, want %s with %s", got, read.Body, changed.Header.Get("ETag"), changed.Body)
	}
	if got := a.ifMatch(t, root.Token, "*", "three"); got.Status != http.StatusOK {
		t.Errorf("any: got %d %s, want 200", got.Status, got.Body)
	}
}

// TestTwoEditors checks that exactly one of several editors can update the same version.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "gala")
	admin := a.RegisterWithRole(t, "admin@example.org", event.ID, events.Administrator)
	for round := range 5 {
		tag := a.call(t, http.MethodGet, "event?id=1", admin.Token, nil).Header.Get("ETag")
		apptest.OneChanges(t, func(editor int) apptest.Response {
			return a.ifMatch(t, admin.Token, tag, fmt.Sprint(round, editor))
		})
	}
}
