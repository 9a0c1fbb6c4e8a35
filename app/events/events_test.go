package events_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
)

type testApp struct{ *apptest.App }

func newTestApp(t *testing.T) testApp {
	t.Helper()
	return testApp{apptest.New(t)}
}

func (a testApp) call(t *testing.T, method, path, token string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: method, Path: "/api/v1/" + path, Token: token, Body: body})
}

// body returns a valid body of POST /api/v1/event with changes.
func body(changes map[string]any) map[string]any {
	result := map[string]any{
		"key":         "indaba",
		"name":        map[string]any{"en": "The gathering", "fr": "Le rassemblement"},
		"description": map[string]any{"en": "Two\nlines", "fr": "Deux\nlignes"},
		"start_date":  "2026-03-01T09:00:00+02:00",
		"end_date":    "2026-03-03",
	}
	for field, value := range changes {
		if result[field] = value; value == "absent" {
			delete(result, field)
		}
	}
	return result
}

// organisation and noPhases are the parts of the response for body between event_type and name.
const (
	organisation = `"time_zone":"UTC","organisation_id":1,"organisation_name":"Guestlist","travel_grant":false,` +
		`"miniconf_url":"",`
	noPhases = `"registration_open":null,"registration_close":null,"application_open":null,"application_close":null,` +
		`"review_open":null,"review_close":null,"selection_open":null,"selection_close":null,"offer_open":null,` +
		`"offer_close":null,"cancelled_at":null,`
)

func TestCreate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	const want = `{"id":1,"key":"indaba","email_from":"","url":"","event_type":"EVENT",` + organisation + noPhases +
		`"name":{"en":"The gathering","fr":"Le rassemblement"},"description":{"en":"Two\nlines","fr":"Deux\nlignes"},` +
		`"start_date":"2026-03-01T07:00:00Z","end_date":"2026-03-03T23:59:59.999999Z"}`
	got := a.call(t, http.MethodPost, "event", root.Token, body(nil))
	if got.Status != http.StatusCreated || got.Body != want {
		t.Errorf("got %d %s\nwant %s", got.Status, got.Body, want)
	}
	if got := a.call(t, http.MethodGet, "event?id=1", root.Token, nil); got.Status != http.StatusOK || got.Body != want {
		t.Errorf("read %d %s, want 200 %s", got.Status, got.Body, want)
	}
	if err := events.Admin(t.Context(), a.DB, a.user(t, root.ID), 1); err != nil {
		t.Error(err)
	}
	found, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.RoleGranted})
	if err != nil || len(found) != 1 {
		t.Fatalf("audited %+v, %v; want one event", found, err)
	}
	const detail = `{"event_id":1,"role":"admin"}`
	if e := found[0]; *e.UserID != root.ID || *e.ActorID != root.ID || e.Detail != detail {
		t.Errorf("audited %s of the user %d by %d, want %s of %d by themselves", e.Detail, *e.UserID, *e.ActorID, detail,
			root.ID)
	}
	got = a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{
		"id": 77, "key": "Full-1.x_", "email_from": "Events@Example.ORG", "url": "https://example.org/x?y",
		"event_type":        "CALL",
		"registration_open": "2026-01-01T00:00:00.123456789Z", "registration_close": "2026-01-01T00:00:00.123456789Z",
		"application_open": "2026-01-02T01:02:03",
		"review_close":     "2026-01-03", "offer_open": nil, "offer_close": "",
	}))
	for _, piece := range []string{
		`"id":2,"key":"Full-1.x_"`, `"email_from":"events@example.org","url":"https://example.org/x?y","event_type":"CALL"`,
		`"registration_open":"2026-01-01T00:00:00.123456Z","registration_close":"2026-01-01T00:00:00.123456Z"`,
		`"application_open":"2026-01-02T01:02:03Z","application_close":null`,
		`"review_open":null,"review_close":"2026-01-03T23:59:59.999999Z"`, `"offer_open":null,"offer_close":null`,
	} {
		if got.Status != http.StatusCreated || !strings.Contains(got.Body, piece) {
			t.Errorf("got %d %s, want 201 with %s", got.Status, got.Body, piece)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	a.CreateEvent(t, "taken")
	texts := func(n int) map[string]any {
		result := map[string]any{}
		for i := range n {
			result[fmt.Sprintf("en-x%d", i)] = "x"
		}
		return result
	}
	for name, test := range map[string]struct {
		changes map[string]any
		field   string
	}{
		"no key":                {map[string]any{"key": "absent"}, "key"},
		"key with a space":      {map[string]any{"key": "a b"}, "key"},
		"key with a slash":      {map[string]any{"key": "a/b"}, "key"},
		"key of dots":           {map[string]any{"key": ".."}, "key"},
		"key with a line break": {map[string]any{"key": "a\n"}, "key"},
		"long key":              {map[string]any{"key": strings.Repeat("x", 101)}, "key"},
		"no name":               {map[string]any{"name": "absent"}, "name"},
		"null name":             {map[string]any{"name": nil}, "name"},
		"a name as text":        {map[string]any{"name": "x"}, "name"},
		"a name as number":      {map[string]any{"name": map[string]any{"en": 1, "fr": "x"}}, "name"},
		"no translation":        {map[string]any{"name": map[string]any{}}, "name"},
		"blank name":            {map[string]any{"name": map[string]any{"en": " ", "fr": "x"}}, "name"},
		"no language":           {map[string]any{"name": map[string]any{"": "x"}}, "name"},
		"not a language":        {map[string]any{"name": map[string]any{"e": "x"}}, "name"},
		"21 languages":          {map[string]any{"name": texts(21)}, "name"},
		"long name":             {map[string]any{"name": map[string]any{"en": strings.Repeat("ü", 201), "fr": "x"}}, "name"},
		"name of two lines":     {map[string]any{"name": map[string]any{"en": "a\nb", "fr": "x"}}, "name"},
		"no description":        {map[string]any{"description": "absent"}, "description"},
		"a language less":       {map[string]any{"description": map[string]any{"en": "x"}}, "description"},
		"another language":      {map[string]any{"description": map[string]any{"en": "x", "de": "x"}}, "description"},
		"bidi control":          {map[string]any{"description": map[string]any{"en": "x\u202e", "fr": "x"}}, "description"},
		"no start":              {map[string]any{"start_date": "absent"}, "start_date"},
		"no end":                {map[string]any{"end_date": nil}, "end_date"},
		"not a date":            {map[string]any{"start_date": "2026-02-30"}, "start_date"},
		"a number":              {map[string]any{"start_date": 1}, "start_date"},
		"a far year":            {map[string]any{"end_date": "9999-12-31T23:59:59-01:00"}, "end_date"},
		"end before start":      {map[string]any{"end_date": "2026-03-01T06:59:59Z"}, "end_date"},
		"no time zone":          {map[string]any{"time_zone": "Lagos"}, "time_zone"},
		"phase out of order":    {map[string]any{"review_open": "2026-03-02", "review_close": "2026-03-01"}, "review_close"},
		"phase not a date":      {map[string]any{"offer_open": "tomorrow"}, "offer_open"},
		"sender":                {map[string]any{"email_from": "x"}, "email_from"},
		"turned around":         {map[string]any{"url": "https://example.org/\u202egro.live"}, "url"},
		"a long url":            {map[string]any{"url": "https://example.org/" + strings.Repeat("x", 2029)}, "url"},
		"lines in the url":      {map[string]any{"url": "example.org\nexample.com"}, "url"},
		"a long place online":   {map[string]any{"miniconf_url": strings.Repeat("x", 2049)}, "miniconf_url"},
		"a number for a grant":  {map[string]any{"travel_grant": 1}, "travel_grant"},
		"maybe a grant":         {map[string]any{"travel_grant": "maybe"}, "travel_grant"},
		"another organisation":  {map[string]any{"organisation_id": 2}, "organisation_id"},
		"type":                  {map[string]any{"event_type": "party"}, "event_type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, request := range [][2]string{{http.MethodPost, "event"}, {http.MethodPut, "event?id=1"}} {
				got := a.call(t, request[0], request[1], root.Token, body(test.changes)).
					Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
				if len(got.Errors) != 1 || got.Errors[test.field] == "" {
					t.Errorf("%s: got the errors %v, want one for %s", request[0], got.Errors, test.field)
				}
			}
		})
	}
	many := body(map[string]any{"name": texts(20), "description": texts(20)})
	if got := a.call(t, http.MethodPost, "event", root.Token, many); got.Status != http.StatusCreated {
		t.Errorf("20 languages: got %d %s, want 201", got.Status, got.Body)
	}
	a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{"key": "taken"})).
		Error(t, http.StatusConflict, "EVENT_KEY_IN_USE")
}

// TestCreateForTheClient checks that events accept what the original's client sends: a journal without an end, links
// without a scheme, and travel_grant as a boolean or a text.
func TestCreateForTheClient(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	change := map[string]any{
		"event_type": "JOURNAL", "end_date": "absent", "url": "www.example.org", "organisation_id": 1, "travel_grant": "true",
		"miniconf_url": "online.example.org",
	}
	pieces := []string{
		`"end_date":null`, `"event_type":"JOURNAL"`, `"url":"www.example.org"`, `"organisation_id":1`,
		`"travel_grant":true,"miniconf_url":"online.example.org"`, noPhases,
	}
	for _, request := range [][2]string{{http.MethodPost, "event"}, {http.MethodPut, "event?id=1&language=fr"},
		{http.MethodGet, "event?id=1&language=fr"}} {
		got := a.call(t, request[0], request[1], root.Token, body(change))
		for _, piece := range pieces {
			if got.Status > http.StatusCreated || !strings.Contains(got.Body, piece) {
				t.Errorf("%s: got %d %s, want success with %s", request, got.Status, got.Body, piece)
			}
		}
	}
	for sent, want := range map[any]string{true: "true", "true": "true", false: "false", "false": "false", "": "false",
		nil: "false"} {
		change["travel_grant"] = sent
		got := a.call(t, http.MethodPut, "event?id=1", root.Token, body(change))
		if !strings.Contains(got.Body, `"travel_grant":`+want) {
			t.Errorf("%v: got %d %s, want travel_grant %s", sent, got.Status, got.Body, want)
		}
	}
	change["event_type"] = "event"
	if got := a.call(t, http.MethodPut, "event?id=1", root.Token, body(change)).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["end_date"] == "" {
		t.Errorf("an event without an end: got the errors %v, want one of end_date", got.Errors)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for text, link := range map[string]bool{
		"": false, "example.org": false, "http://example.org": true, "https://example.org/x?y": true,
		"javascript:alert(1)": false, "https://": false,
		"https://example.org/ and then": false, "https://a:b@example.org": false, "HTTPS://example.org": true,
		"ftp://example.org": false, "//example.org": false,
	} {
		if got := (&events.Event{URL: text}).Link(); (got == text) != link && text != "" || got != "" && got != text {
			t.Errorf("%q: got %q, want it to be a link: %t", text, got, link)
		}
	}
}

// TestCreateAtOnce checks that only one of many events with the same key that are created at the same time is stored,
// with one administrator.
func TestCreateAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	statuses := a.atOnce(20,
		func(int) apptest.Response { return a.call(t, http.MethodPost, "event", root.Token, body(nil)) })
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusConflict] != 19 {
		t.Errorf("got the statuses %v, want 201 once and 409 19 times", statuses)
	}
	var roles int64
	if err := a.DB.Model(&events.Role{}).Count(&roles).Error; err != nil || roles != 1 {
		t.Errorf("got %d roles, %v; want 1", roles, err)
	}
}

// atOnce calls call n times concurrently and returns how often it got each status.
func (testApp) atOnce(n int, call func(i int) apptest.Response) map[int]int {
	answers := make([]int, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { answers[i] = call(i).Status })
	}
	group.Wait()
	statuses := map[int]int{}
	for _, status := range answers {
		statuses[status]++
	}
	return statuses
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{"registration_open": "2026-01-01"}))
	other := a.CreateEvent(t, "other")
	changed := body(map[string]any{"id": 1, "name": map[string]any{"de": "Treffen"},
		"description": map[string]any{"de": "x"}, "key": "treffen"})
	const want = `{"id":1,"key":"treffen","email_from":"","url":"","event_type":"EVENT",` + organisation + noPhases +
		`"name":{"de":"Treffen"},"description":{"de":"x"},"start_date":"2026-03-01T07:00:00Z",` +
		`"end_date":"2026-03-03T23:59:59.999999Z"}`
	if got := a.call(t, http.MethodPut, "event", root.Token, changed); got.Status != http.StatusOK || got.Body != want {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, want)
	}
	if got := a.call(t, http.MethodGet, "event?id=1", root.Token, nil); got.Body != want {
		t.Errorf("read %s, want %s", got.Body, want)
	}
	if event, err := events.Find(t.Context(), a.DB, 1); err != nil || !event.CreatedAt.Equal(a.Clock.Now()) ||
		!event.UpdatedAt.Equal(a.Clock.Now()) {
		t.Errorf("got %+v, %v; want both times to be now, %v", event, err, a.Clock.Now())
	}
	changed["key"] = "other"
	a.call(t, http.MethodPut, "event", root.Token, changed).Error(t, http.StatusConflict, "EVENT_KEY_IN_USE")
	delete(changed, "id")
	byQuery := fmt.Sprintf("event?id=%d", other.ID)
	if got := a.call(t, http.MethodPut, byQuery, root.Token, changed); got.Status != http.StatusOK {
		t.Errorf("with the id in the query: got %d %s, want 200", got.Status, got.Body)
	}
	a.call(t, http.MethodPut, "event?id=99", root.Token, changed).Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
	for _, query := range []string{"id=1&id=2", "id=1&ID=1", "id=x", "id=0", ""} {
		a.call(t, http.MethodPut, "event?"+query, root.Token, changed).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
	// An administrator of the event in the query cannot change the event in the body.
	admin := a.RegisterWithRole(t, "admin@example.org", other.ID, events.Administrator)
	got := a.call(t, http.MethodPut, fmt.Sprintf("event?id=%d", other.ID), admin.Token, body(map[string]any{"id": 1})).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	if len(got.Errors) != 1 || got.Errors["id"] == "" {
		t.Errorf("two events: got the errors %v, want one of id", got.Errors)
	}
	a.call(t, http.MethodPut, "event?id=1", admin.Token, body(map[string]any{"id": other.ID})).
		Error(t, http.StatusForbidden, "FORBIDDEN")
	for _, id := range []any{0, -1, 1.5, "1"} {
		changed["id"] = id
		if got := a.call(t, http.MethodPut, "event", root.Token, changed).
			Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["id"] == "" {
			t.Errorf("%v: got the errors %v, want one for id", id, got.Errors)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.Register(t, "guest@example.org")
	a.CreateEvent(t, "one")
	for language, name := range map[string]string{"": "The one", "&language=fr": "Le one", "&language=FR-ca": "Le one",
		"&language=de": "The one", "&language=": "The one"} {
		got := a.call(t, http.MethodGet, "event-by-key?event_key=one"+language, guest.Token, nil)
		if got.Status != http.StatusOK || !strings.Contains(got.Body, `"name":"`+name+`"`) {
			t.Errorf("%s: got %d %s, want 200 with the name %s", language, got.Status, got.Body, name)
		}
	}
	for path, field := range map[string]string{
		"event": "id", "event?id=": "id", "event?id=0": "id", "event?id=-1": "id", "event?id=x": "id", "event?id=1.5": "id",
		"event?id=9223372036854775808": "id",
		"event?id=1&id=1":              "id", "event?ID=1": "id",
		"event-by-key": "event_key", "event-by-key?event_key=": "event_key", "event-by-key?event_key=%ff": "event_key",
		"event-by-key?event_key=one&language=x_y": "language",
		"events?language=%00":                     "language", "events?limit=0": "limit", "events?limit=101": "limit",
		"events?sort=key": "sort",
		"events?cursor=x": "cursor",
	} {
		if got := a.call(t, http.MethodGet, path, guest.Token, nil).
			Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); len(got.Errors) != 1 || got.Errors[field] == "" {
			t.Errorf("%s: got the errors %v, want one for %s", path, got.Errors, field)
		}
	}
	for _, path := range []string{"event?id=2", "event?id=9223372036854775807", "event-by-key?event_key=ONE",
		"event-by-key?event_key=on%25", "event-by-key?event_key=%27%20OR%201=1"} {
		a.call(t, http.MethodGet, path, guest.Token, nil).Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
	}
}
