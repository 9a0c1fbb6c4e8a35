package events_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
)

type listed struct {
	ID     int64
	Status map[string]any
}

// walk reads a list to its end and returns the ids.
func (a testApp) walk(t *testing.T, token, query string) (ids []int64) {
	t.Helper()
	for path := "/api/v1/events?" + query; path != ""; {
		response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: token})
		var got []listed
		response.Decode(t, http.StatusOK, &got)
		for _, event := range got {
			ids = append(ids, event.ID)
		}
		next, _ := strings.CutPrefix(response.Header.Get("Link"), "<")
		path, _ = strings.CutSuffix(next, `>; rel="next"`)
		if len(ids) > 300 {
			t.Fatal("the list does not end")
		}
	}
	return ids
}

func TestList(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.Register(t, "guest@example.org")
	if got := a.call(t, http.MethodGet, "events", guest.Token, nil).Body; got != `[]` {
		t.Errorf("got %s, want []", got)
	}
	for i, days := range []int{3, 1, 2, 1, 1} {
		event := a.CreateEvent(t, fmt.Sprint("event", i+1))
		start := a.Clock.Now().AddDate(0, 0, days).Add(time.Microsecond)
		if err := a.DB.Model(event).UpdateColumn("start_date", start).Error; err != nil {
			t.Fatal(err)
		}
	}
	for sort, want := range map[string][]int64{
		"id": {1, 2, 3, 4, 5}, "-id": {5, 4, 3, 2, 1}, "start_date": {2, 4, 5, 3, 1}, "-start_date": {1, 3, 5, 4, 2},
	} {
		if got := a.walk(t, guest.Token, "sort="+sort); !slices.Equal(got, want) {
			t.Errorf("by %s: got %v, want %v", sort, got, want)
		}
		for limit := 1; limit <= 6; limit++ {
			if got := a.walk(t, guest.Token, fmt.Sprintf("sort=%s&limit=%d", sort, limit)); !slices.Equal(got, want) {
				t.Errorf("by %s in pages of %d: got %v, want %v", sort, limit, got, want)
			}
		}
	}
	const want = `[{"id":1,"key":"event1","email_from":null,"url":"","event_type":"EVENT",` + organisation + noPhases +
		`"name":"Le event1","description":"Sur event1","start_date":"06 February 2026","end_date":"05 March 2026",` +
		`"application_open_date":null,"application_close_date":null,` +
		`"status":{"invited_guest":null,"application_status":null,"registration_status":null,"offer_status":null,` +
		`"outcome_status":null,"is_event_attendee":false},`
	if got := a.call(t, http.MethodGet, "events?language=fr&limit=1", guest.Token, nil).Body; len(got) < len(want) ||
		got[:len(want)] != want {
		t.Errorf("got %s, want %s", got, want)
	}
	link := a.call(t, http.MethodGet, "events?limit=1", guest.Token, nil).Header.Get("Link")
	_, cursor, _ := strings.Cut(strings.TrimSuffix(link, `>; rel="next"`), "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	a.call(t, http.MethodGet, "events?cursor="+cursor, guest.Token, nil).Decode(t, http.StatusOK, &[]listed{})
	a.call(t, http.MethodGet, "events?sort=-id&cursor="+cursor, guest.Token, nil).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/events"}).
		Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

// TestListPhases checks whether phases of an event are shown as open, or as still to open, if they are past, current,
// to come, or without dates.
func TestListPhases(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	now := a.Clock.Now()
	at := func(hours int) string { return now.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339) }
	for name, test := range map[string]struct {
		open, close any
		want        string
	}{
		"past": {at(-2), at(0), "false false"}, "now": {at(0), at(1), "true false"}, "to come": {at(1), at(2), "false true"},
		"opened": {at(-1), nil, "true false"}, "to be opened": {at(1), nil, "false true"},
		"to be closed": {nil, at(1), "true false"}, "closed": {nil, at(0), "false false"},
		"not held": {nil, nil, "false false"},
	} {
		for _, phase := range []string{"registration", "application", "review", "selection", "offer"} {
			key := strings.ReplaceAll(name+"-"+phase, " ", "-")
			change := map[string]any{"key": key, phase + "_open": test.open, phase + "_close": test.close}
			a.call(t, http.MethodPost, "event", root.Token, body(change)).Decode(t, http.StatusCreated, &struct{}{})
			var got map[string]any
			a.call(t, http.MethodGet, "event-by-key?event_key="+key, root.Token, nil).Decode(t, http.StatusOK, &got)
			if is := fmt.Sprint(got["is_"+phase+"_open"], " ", got["is_"+phase+"_opening"]); is != test.want {
				t.Errorf("%s: got %s, want %s", key, is, test.want)
			}
		}
	}
}

// TestListWhole checks that a list of more events than fit in a page is complete, and that events are in the caller's
// language.
func TestListWhole(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.Register(t, "guest@example.org")
	for i := range 203 {
		a.CreateEvent(t, fmt.Sprint("event", i))
	}
	if got := a.walk(t, guest.Token, ""); len(got) != 203 || got[202] != 203 {
		t.Errorf("got %d events, %v, want 203, of which the last is 203", len(got), got)
	}
	a.call(t, http.MethodPut, "user?language=fr", guest.Token, map[string]any{"password": ""}).
		Decode(t, http.StatusOK, &guest)
	for path, want := range map[string]string{
		"events?limit=1": "Le event0", "events?limit=1&language=en": "The event0",
		"event-by-key?event_key=event0": "Le event0", "event-by-key?event_key=event0&language=de": "The event0",
	} {
		if got := a.call(t, http.MethodGet, path, guest.Token, nil).Body; !strings.Contains(got, `"name":"`+want+`"`) {
			t.Errorf("%s: got %s, want the name %q", path, got, want)
		}
	}
}
