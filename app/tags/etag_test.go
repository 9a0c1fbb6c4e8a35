package tags_test

import (
	"fmt"
	"net/http"
	"testing"

	"guestlist/app/apptest"
)

// ifMatch sends a request about a tag with an If-Match header.
func (a testApp) ifMatch(t *testing.T, method, tag string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: method, Path: "/api/v1/tag", Token: a.admin.Token, Body: body, Header: map[string]string{"If-Match": tag},
	})
}

func TestETag(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const changed = "CHANGED_MEANWHILE"
	tag := a.call(t, http.MethodPost, "tag", a.admin.Token, body(nil)).Header.Get("ETag")
	read := func() string {
		return a.call(t, http.MethodGet, "tag?event_id=1&id=1", a.admin.Token, nil).Header.Get("ETag")
	}
	if got := read(); got != tag || tag == "" {
		t.Errorf("read the entity tag %q, want %q as when created, not empty", got, tag)
	}
	away := a.ifMatch(t, http.MethodPut, tag, body(map[string]any{"active": false}))
	a.ifMatch(t, http.MethodPut, tag, body(map[string]any{"active": true})).
		Error(t, http.StatusPreconditionFailed, changed)
	back := a.ifMatch(t, http.MethodPut, away.Header.Get("ETag"), body(map[string]any{"active": true}))
	if got := read(); back.Status != http.StatusOK || got != tag || got != back.Header.Get("ETag") {
		t.Errorf("reactivated, got %+v and read the ETag %s, want %s", back, got, tag)
	}
	one := map[string]any{"event_id": 1, "id": 1}
	a.ifMatch(t, http.MethodDelete, away.Header.Get("ETag"), one).Error(t, http.StatusPreconditionFailed, changed)

	apptest.OneChanges(t, func(editor int) apptest.Response {
		name := map[string]any{"name": map[string]any{"en": fmt.Sprint("Vegan", editor)}}
		return a.ifMatch(t, http.MethodPut, tag, body(name))
	})
	if got := a.ifMatch(t, http.MethodDelete, read(), one); got.Status != http.StatusOK {
		t.Errorf("delete: got %d %s, want 200", got.Status, got.Body)
	}
	a.ifMatch(t, http.MethodDelete, "*", one).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
}
