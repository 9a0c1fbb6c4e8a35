package tags_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// testApp has the events 1 and 2, each with an administrator.
type testApp struct {
	*apptest.App
	admin, other apptest.User
}

func newTestApp(t *testing.T) testApp {
	t.Helper()
	a := apptest.New(t)
	one, two := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	return testApp{
		a,
		a.RegisterWithRole(t, "admin@example.org", one.ID, events.Administrator),
		a.RegisterWithRole(t, "other@example.org", two.ID, events.Administrator),
	}
}

func (a testApp) call(t *testing.T, method, path, token string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: method, Path: "/api/v1/" + path, Token: token, Body: body})
}

// body returns a valid body of POST and PUT /api/v1/tag with changes.
func body(changes map[string]any) map[string]any {
	result := map[string]any{"id": 1, "event_id": 1, "name": map[string]any{"en": "Vegan", "fr": "Végane"}}
	maps.Copy(result, changes)
	return result
}

func TestTags(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	token := a.admin.Token
	const vegan = `{"id":1,"event_id":1,"tag_type":"REGISTRATION","active":true,"name":{"en":"Vegan","fr":"Végane"},` +
		`"description":{}}`
	const host = `{"id":2,"event_id":1,"tag_type":"GRANT","active":true,"name":{"en":"Host"},` +
		`"description":{"en":"Opens\nthe door"}}`
	for i, request := range []map[string]any{
		body(map[string]any{"id": 77}),
		body(map[string]any{"tag_type": "Grant", "name": map[string]any{"en": "Host"},
			"description": map[string]any{"en": "Opens\nthe door"}}),
	} {
		want := []string{vegan, host}[i]
		if got := a.call(t, http.MethodPost, "tag", token, request); got.Status != http.StatusCreated || got.Body != want {
			t.Errorf("create: got %d %s, want 201 %s", got.Status, got.Body, want)
		}
	}
	if got := a.call(t, http.MethodGet, "tag?event_id=1&id=2&language=fr", token, nil); got.Status != http.StatusOK ||
		got.Body != host {
		t.Errorf("read: got %d %s, want 200 %s", got.Status, got.Body, host)
	}
	const list = `[{"id":1,"event_id":1,"tag_type":"REGISTRATION","active":true,"name":"Végane","description":""},` +
		`{"id":2,"event_id":1,"tag_type":"GRANT","active":true,"name":"Host","description":"Opens\nthe door"}]`
	if got := a.call(t, http.MethodGet, "tags?event_id=1&language=fr", token, nil); got.Status != http.StatusOK ||
		got.Body != list {
		t.Errorf("list: got %d %s, want 200 %s", got.Status, got.Body, list)
	}
	a.call(t, http.MethodPut, "user", token, map[string]any{"language": "fr"}).Decode(t, http.StatusOK, &struct{}{})
	if got := a.call(t, http.MethodGet, "tags?event_id=1", token, nil); got.Body != list {
		t.Errorf("list in the caller's language: got %s, want %s", got.Body, list)
	}
	if got := a.call(t, http.MethodGet, "tags?event_id=2", a.other.Token, nil); got.Status != http.StatusOK ||
		got.Body != `[]` {
		t.Errorf("list: got %d %s, want 200 []", got.Status, got.Body)
	}
	const changed = `{"id":1,"event_id":1,"tag_type":"REGISTRATION","active":true,"name":{"en":"Vegan food"},` +
		`"description":{}}`
	change := body(map[string]any{"name": map[string]any{"en": "Vegan food"}})
	if got := a.call(t, http.MethodPut, "tag", token, change); got.Status != http.StatusOK || got.Body != changed {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, changed)
	}
	if got := a.call(t, http.MethodGet, "tag?event_id=1&id=1", token, nil); got.Body != changed {
		t.Errorf("read: got %s, want %s", got.Body, changed)
	}
	for id, request := range map[string]any{"": map[string]any{"id": 1, "event_id": 1}, "?id=2&event_id=1": nil} {
		if got := a.call(t, http.MethodDelete, "tag"+id, token, request); got.Status != http.StatusOK || got.Body != `{}` {
			t.Errorf("delete: got %d %s, want 200 {}", got.Status, got.Body)
		}
		a.call(t, http.MethodDelete, "tag"+id, token, request).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	}
	a.call(t, http.MethodGet, "tag?event_id=1&id=1", token, nil).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	a.call(t, http.MethodPut, "tag", token, body(nil)).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
}

// TestDeactivated checks that a deactivated tag is hidden until it is reactivated.
func TestDeactivated(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	token := a.admin.Token
	a.call(t, http.MethodPost, "tag?event_id=1&language=fr", token, map[string]any{"name": map[string]any{"en": "Host"},
		"tag_type": "CHECKIN"}).Decode(t, http.StatusCreated, &struct{}{})
	a.call(t, http.MethodPost, "tag", token, body(nil)).Decode(t, http.StatusCreated, &struct{}{})
	put := func(active any) apptest.Response {
		return a.call(t, http.MethodPut, "tag?event_id=1", token,
			map[string]any{"id": 1, "name": map[string]any{"en": "Host"}, "tag_type": "CHECKIN", "active": active})
	}
	check := func(active bool) {
		t.Helper()
		read := http.StatusNotFound
		if active {
			read = http.StatusOK
		}
		for _, query := range []string{"tag?event_id=1&id=1", "tag?event_id=1&id=1&language=fr"} {
			if got := a.call(t, http.MethodGet, query, token, nil); got.Status != read {
				t.Errorf("%s: got %d, want %d", query, got.Status, read)
			}
		}
		for _, query := range []string{"tags?event_id=1", "tagsconfig?event_id=1"} {
			if got := a.call(t, http.MethodGet, query, token, nil).Body; strings.Contains(got, `"Host"`) != active ||
				!strings.Contains(got, "Vegan") {
				t.Errorf("%s: got %s, want Vegan, and Host: %t", query, got, active)
			}
		}
	}
	const host = `{"id":1,"event_id":1,"tag_type":"CHECKIN","active":%v,"name":{"en":"Host"},"description":{}}`
	check(true)
	for _, active := range []bool{false, false, true, true} {
		if got, want := put(active), fmt.Sprintf(host, active); got.Status != http.StatusOK || got.Body != want {
			t.Errorf("active %v: got %d %s, want 200 %s", active, got.Status, got.Body, want)
		}
		check(active)
	}
	put(nil).Decode(t, http.StatusOK, &struct{}{})
	put(false).Decode(t, http.StatusOK, &struct{}{})
	put(nil).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	a.call(t, http.MethodDelete, "tag?event_id=1&id=1", token, nil).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	a.call(t, http.MethodPut, "tag?event_id=2", a.other.Token, body(map[string]any{"event_id": 2, "active": true})).
		Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	got := a.call(t, http.MethodPost, "tag", token, body(map[string]any{"active": false}))
	const inactive = `"id":3,"event_id":1,"tag_type":"REGISTRATION","active":false`
	if got.Status != http.StatusCreated || !strings.Contains(got.Body, inactive) {
		t.Errorf("create: got %d %s, want 201 with %s", got.Status, got.Body, inactive)
	}
	const config = `[{"id":2,"event_id":1,"tag_type":"REGISTRATION","active":true,"name":{"en":"Vegan",` +
		`"fr":"Végane"},"description":{}}]`
	if got := a.call(t, http.MethodGet, "tagsconfig?event_id=1", token, nil).Body; got != config {
		t.Errorf("list: got %s, want %s", got, config)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const types = `["RESPONSE","REGISTRATION","GRANT","QUESTION","CHECKIN"]`
	got := a.call(t, http.MethodGet, "tagtypes?event_id=1&language=fr", a.admin.Token, nil)
	if got.Status != http.StatusOK || got.Body != types {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, types)
	}
	// A tag of an earlier version keeps a type that is no longer allowed.
	old := tags.Tag{EventID: 1, TagType: "Role", Name: text.Translations{"en": "x"}, Description: text.Translations{}}
	if err := a.DB.Create(&old).Error; err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, sent string
		status       int
		want         string
	}{
		{http.MethodPut, "ROLE", http.StatusOK, "ROLE"}, {http.MethodPut, "role", http.StatusOK, "ROLE"}, {http.MethodPut,
			"other", http.StatusBadRequest, ""},
		{http.MethodPost, "ROLE", http.StatusBadRequest, ""}, {http.MethodPost, "Question", http.StatusCreated, "QUESTION"},
		{http.MethodPost, "", http.StatusCreated, "REGISTRATION"},
		{http.MethodPut, "response", http.StatusOK, "RESPONSE"}, {http.MethodPut, "ROLE", http.StatusBadRequest, ""},
	} {
		got := a.call(t, test.method, "tag", a.admin.Token, body(map[string]any{"tag_type": test.sent}))
		if want := `"tag_type":"` + test.want; got.Status != test.status || !strings.Contains(got.Body, want) {
			t.Errorf("%s %q: got %d %s, want %d with %s", test.method, test.sent, got.Status, got.Body, test.status, want)
		}
	}
}

// TestPermissions checks every request of every caller about a tag of event 1, with event 1, another event and an
// unknown event.
func TestPermissions(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	tag := tags.Tag{EventID: 1, Name: text.Translations{"en": "x"}, Description: text.Translations{}}
	if err := a.DB.Create(&tag).Error; err != nil {
		t.Fatal(err)
	}
	cast := map[string]string{
		"nobody":       "",
		"stranger":     a.Register(t, "stranger@example.org").Token,
		"registration": a.RegisterWithRole(t, "registration@example.org", 1, events.RegistrationAdmin).Token,
		"admin":        a.admin.Token,
		"other admin":  a.other.Token,
		"system":       a.RegisterAdmin(t, "root@example.org").Token,
	}
	for who, token := range cast {
		for event := 1; event <= 3; event++ {
			want := http.StatusForbidden
			switch {
			case who == "nobody":
				want = http.StatusUnauthorized
			case event == 3:
				want = http.StatusNotFound
			case who == "system", who == "admin" && event == 1:
				want = http.StatusOK
			case who == "other admin" && event == 2:
				want = http.StatusOK
			}
			ofTag := want
			if event == 2 && want == http.StatusOK {
				ofTag = http.StatusNotFound
			}
			query := fmt.Sprintf("event_id=%d", event)
			for _, test := range []struct {
				method, path string
				body         any
				want         int
			}{
				{http.MethodGet, "tags?" + query, nil, want},
				{http.MethodGet, "tagsconfig?" + query, nil, want},
				{http.MethodGet, "tagtypes?" + query, nil, want},
				{http.MethodGet, "tag?id=1&" + query, nil, ofTag},
				{http.MethodPut, "tag", body(map[string]any{"event_id": event}), ofTag},
				{http.MethodPost, "tag", body(map[string]any{"event_id": event}), want},
			} {
				got := a.call(t, test.method, test.path, token, test.body)
				if status := got.Status; status != test.want && (status != http.StatusCreated || test.want != http.StatusOK) {
					t.Errorf("%s %s by %s in event %d: got %s, want %d", test.method, test.path, who, event, got.Body, test.want)
				}
			}
			if ofTag != http.StatusOK { // or other callers would find nothing to delete
				if got := a.call(t, http.MethodDelete, "tag?id=1&"+query, token, nil); got.Status != ofTag {
					t.Errorf("DELETE by %s in event %d: got %s, want %d", who, event, got.Body, ofTag)
				}
			}
		}
	}
	for eventID, want := range map[int64]error{1: nil, 2: utils.ErrTagNotFound} {
		if _, err := tags.Find(t.Context(), a.DB, eventID, 1); !errors.Is(err, want) {
			t.Errorf("in event %d: got %v, want %v", eventID, err, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	tag := tags.Tag{EventID: 1, Name: text.Translations{"en": "x"}, Description: text.Translations{}}
	if err := a.DB.Create(&tag).Error; err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		changes map[string]any
		field   string
	}{
		"no event":        {map[string]any{"event_id": nil}, "event_id"},
		"event as text":   {map[string]any{"event_id": "1"}, "event_id"},
		"no name":         {map[string]any{"name": nil}, "name"},
		"blank name":      {map[string]any{"name": map[string]any{"en": ""}}, "name"},
		"long name":       {map[string]any{"name": map[string]any{"en": strings.Repeat("x", 101)}}, "name"},
		"lines in a name": {map[string]any{"name": map[string]any{"en": "a\r\nb"}}, "name"},
		"other languages": {map[string]any{"description": map[string]any{"en": "x"}}, "description"},
		"blank text":      {map[string]any{"description": map[string]any{"en": "x", "fr": "\n"}}, "description"},
		"long text": {map[string]any{"description": map[string]any{"en": "x", "fr": strings.Repeat("x", 1001)}},
			"description"},
		"long type":       {map[string]any{"tag_type": strings.Repeat("x", 51)}, "tag_type"},
		"another type":    {map[string]any{"tag_type": "party"}, "tag_type"},
		"half active":     {map[string]any{"active": "x"}, "active"},
		"lines in a type": {map[string]any{"tag_type": "a\nb"}, "tag_type"},
	} {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			got := a.call(t, method, "tag", a.admin.Token, body(test.changes)).
				Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
			if len(got.Errors) != 1 || got.Errors[test.field] == "" {
				t.Errorf("%s, %s: got the errors %v, want one of %s", name, method, got.Errors, test.field)
			}
		}
	}
	for path, fields := range map[string][]string{
		"GET tags": {"event_id"}, "GET tagsconfig": {"event_id"}, "GET tagtypes?event_id=0": {"event_id"},
		"GET tags?event_id=x": {"event_id"}, "GET tags?event_id=1&language=1": {"language"},
		"GET tag?event_id=1": {"id"}, "GET tag?id=0&event_id=0": {"event_id", "id"}, "DELETE tag": {"event_id", "id"},
		"DELETE tag?id=1&id=2&event_id=1": {"id"},
	} {
		method, path, _ := strings.Cut(path, " ")
		got := a.call(t, method, path, a.admin.Token, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		for _, field := range fields {
			if len(got.Errors) != len(fields) || got.Errors[field] == "" {
				t.Errorf("%s %s: got the errors %v, want those of %v", method, path, got.Errors, fields)
			}
		}
	}
	// Names in a map must differ in more than case, like all names in a body.
	const twice = `{"event_id":1,"name":{"en":"x","EN":"y"}}`
	a.call(t, http.MethodPost, "tag", a.admin.Token, twice).Error(t, http.StatusBadRequest, "DUPLICATE_KEY")
}
