package invitedguest_test

import (
	"fmt"
	"net/http"
	"testing"

	"guestlist/app/apptest"
)

const changedMeanwhile = "CHANGED_MEANWHILE"

// ifMatch sends a request with the entity tag in If-Match.
func (a testApp) ifMatch(t *testing.T, method, path, tag string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: method, Path: "/api/v1/" + path, Token: a.admin.Token, Body: body, Header: map[string]string{"If-Match": tag},
	})
}

// TestETag checks that the entity tag of a guest changes with everything that a caller reads of the guest, and with
// nothing else.
func TestETag(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	vip, other := a.storeTag(t, a.event.ID, "vip"), a.storeTag(t, a.event.ID, "other")
	zoe := a.RegisterVerified(t, "zoe@example.org")
	request := map[string]any{"event_id": a.event.ID, "email": zoe.Email, "role": "guest", "tag_ids": []int64{other}}
	invited := a.call(t, http.MethodPost, "/api/v1/invitedGuest", request)
	var guest invitedAnswer
	invited.Decode(t, http.StatusCreated, &guest)
	read := func(more string) string {
		t.Helper()
		path := pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID) + more
		return a.call(t, http.MethodGet, path, nil).Header.Get("ETag")
	}
	tag := invited.Header.Get("ETag")
	if got := read("&language=fr"); got != tag || tag == "" {
		t.Errorf("got the entity tag %q, want %q as in the response to the invitation, not empty", got, tag)
	}
	one := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID, "tag_id": vip}
	send := func(token, method, path string, body any) {
		t.Helper()
		got := a.Send(t, apptest.Request{Method: method, Path: "/api/v1/" + path, Token: token, Body: body})
		if got.Status != http.StatusOK && got.Status != http.StatusCreated {
			t.Errorf("%s: got %d %s, want 200 or 201", path, got.Status, got.Body)
		}
	}
	for _, change := range []struct {
		what string
		make func()
		seen bool
	}{
		{"a tag", func() { send(a.admin.Token, http.MethodPost, "invitedguesttag", one) }, true},
		{"the tag again", func() { send(a.admin.Token, http.MethodPost, "invitedguesttag", one) }, false},
		{"a tag's name", func() {
			send(a.admin.Token, http.MethodPut, "tag", map[string]any{"event_id": a.event.ID, "id": vip,
				"name": map[string]any{"en": "VIP"}})
		}, true},
		{"a name", func() { send(zoe.Token, http.MethodPut, "user", map[string]any{"firstname": "Zoë"}) }, true},
		{"a language", func() { send(zoe.Token, http.MethodPut, "user", map[string]any{"language": "fr"}) }, false},
		{"an answer", func() {
			err := a.DB.Table("invited_guests").Where("id = ?", guest.GuestID).
				Updates(map[string]any{"status": "accepted"}).Error
			if err != nil {
				t.Error(err)
			}
		}, true},
		{"an event", func() { a.CreateEvent(t, "another") }, false},
	} {
		before := read("")
		change.make()
		after := read("")
		if (after != before) != change.seen {
			t.Errorf("%s: got the entity tag %s, before %s; want a change: %v", change.what, after, before, change.seen)
		}
		if change.seen {
			a.ifMatch(t, http.MethodDelete, "invitedguesttag", before, one).
				Error(t, http.StatusPreconditionFailed, changedMeanwhile)
			a.ifMatch(t, http.MethodPost, "invitedguesttag", before, one).
				Error(t, http.StatusPreconditionFailed, changedMeanwhile)
			a.ifMatch(t, http.MethodDelete, "invitedGuest", before, one).
				Error(t, http.StatusPreconditionFailed, changedMeanwhile)
		}
	}
	if got := a.ifMatch(t, http.MethodDelete, "invitedguesttag", `"x", `+read(""), one); got.Status != http.StatusOK {
		t.Errorf("remove the tag: got %d %s, want 200", got.Status, got.Body)
	}
	if got := a.ifMatch(t, http.MethodDelete, "invitedGuest", read(""), one); got.Status != http.StatusOK {
		t.Errorf("remove the guest: got %d %s, want 200", got.Status, got.Body)
	}
	a.ifMatch(t, http.MethodDelete, "invitedGuest", "*", one).Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
}

// TestTwoEditors checks that of several editors who have read the same guest and change it at the same time, only one
// succeeds.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ids := make([]int64, apptest.Editors)
	for i := range ids {
		ids[i] = a.storeTag(t, a.event.ID, fmt.Sprint("tag", i))
	}
	for round := range 4 {
		guest := a.invite(t, fmt.Sprint("ann", round))
		tag := a.call(t, http.MethodGet, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID),
			nil).Header.Get("ETag")
		apptest.OneChanges(t, func(editor int) apptest.Response {
			one := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID, "tag_id": ids[editor]}
			return a.ifMatch(t, http.MethodPost, "invitedguesttag", tag, one)
		})
	}
}
