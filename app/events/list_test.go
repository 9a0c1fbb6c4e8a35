package events_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/events"
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
		t.Errorf("got %s", got)
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
			t.Errorf("by %s: %v, want %v", sort, got, want)
		}
		for limit := 1; limit <= 6; limit++ {
			if got := a.walk(t, guest.Token, fmt.Sprintf("sort=%s&limit=%d", sort, limit)); !slices.Equal(got, want) {
				t.Errorf("by %s in pages of %d: %v, want %v", sort, limit, got, want)
			}
		}
	}
	const want = `[{"id":1,"key":"event1","email_from":null,"url":"","event_type":"EVENT",` + organisation + noPhases +
		`"name":"Le event1","description":"Sur event1","start_date":"06 February 2026","end_date":"05 March 2026","application_open_date":null,"application_close_date":null,` +
		`"status":{"invited_guest":null,"application_status":null,"registration_status":null,"offer_status":null,"outcome_status":null,"is_event_attendee":false},`
	if got := a.call(t, http.MethodGet, "events?language=fr&limit=1", guest.Token, nil).Body; len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("got %s, want %s", got, want)
	}
	link := a.call(t, http.MethodGet, "events?limit=1", guest.Token, nil).Header.Get("Link")
	_, cursor, _ := strings.Cut(strings.TrimSuffix(link, `>; rel="next"`), "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	a.call(t, http.MethodGet, "events?cursor="+cursor, guest.Token, nil).Decode(t, http.StatusOK, &[]listed{})
	a.call(t, http.MethodGet, "events?sort=-id&cursor="+cursor, guest.Token, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/events"}).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

// TestListIsTheCallers has events that are over, under way and to come, and people who know them differently.
func TestListIsTheCallers(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	now := a.Clock.Now()
	at := func(days int) *time.Time {
		at := now.AddDate(0, 0, days)
		return &at
	}
	for i, span := range [][2]*time.Time{{at(-9), at(-8)}, {at(-9), at(-8)}, {at(-1), at(0)}, {at(-1), at(1)}, {at(3), at(4)}, {at(-9), nil}} {
		event := a.CreateEvent(t, fmt.Sprint("event", i+1))
		if err := a.DB.Model(event).UpdateColumns(map[string]any{"start_date": span[0], "end_date": span[1]}).Error; err != nil {
			t.Fatal(err)
		}
	}
	stranger, guest := a.Register(t, "stranger@example.org"), a.RegisterVerified(t, "guest@example.org")
	unproven := a.Register(t, "unproven@example.org")
	a.Grant(t, 2, unproven.ID, events.Administrator)
	admin := a.RegisterWithRole(t, "admin@example.org", 2, events.Administrator)
	reviewer := a.RegisterWithRole(t, "reviewer@example.org", 1, events.Reviewer)
	root := a.RegisterAdmin(t, "root@example.org")
	for _, id := range []int64{1, 4, 5} {
		a.call(t, http.MethodPost, "invitedGuest", root.Token, map[string]any{"event_id": id, "email": guest.Email, "role": "speaker"}).
			Decode(t, http.StatusCreated, &struct{}{})
	}
	a.call(t, http.MethodPost, "invitedGuest", root.Token, map[string]any{"event_id": 1, "email": unproven.Email, "role": "speaker"}).
		Decode(t, http.StatusCreated, &struct{}{})
	for id, status := range map[int]string{4: "declined", 5: "accepted"} {
		if err := a.DB.Exec("UPDATE invited_guests SET status = ? WHERE event_id = ?", status, id).Error; err != nil {
			t.Fatal(err)
		}
	}
	for who, want := range map[apptest.User][]int64{
		stranger: {3, 4, 5, 6}, unproven: {3, 4, 5, 6}, reviewer: {3, 4, 5, 6}, guest: {1, 3, 4, 5, 6}, admin: {2, 3, 4, 5, 6}, root: {1, 2, 3, 4, 5, 6},
	} {
		for _, query := range []string{"", "limit=2", "sort=-start_date", "sort=-start_date&limit=1"} {
			got := a.walk(t, who.Token, query)
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", who.Email, query, got, want)
			}
		}
	}
	var list []listed
	a.call(t, http.MethodGet, "events", guest.Token, nil).Decode(t, http.StatusOK, &list)
	wanted := []string{"speaker <nil> true", "<nil> <nil> false", "speaker Not Confirmed true", "speaker Confirmed true", "<nil> <nil> false"}
	for i, event := range list {
		got := fmt.Sprint(event.Status["invited_guest"], " ", event.Status["registration_status"], " ", event.Status["is_event_attendee"])
		if got != wanted[i] {
			t.Errorf("event %d: %s, want %s", event.ID, got, wanted[i])
		}
	}
	for key, want := range map[string]string{"event1": "false false", "event3": "false false", "event4": "true false", "event5": "false true", "event6": "true false"} {
		var got map[string]any
		a.call(t, http.MethodGet, "event-by-key?event_key="+key, guest.Token, nil).Decode(t, http.StatusOK, &got)
		if opened := fmt.Sprint(got["is_event_open"], " ", got["is_event_opening"]); opened != want || got["status"] == nil {
			t.Errorf("%s: %s, want %s", key, opened, want)
		}
	}
}

// TestListPhases has each phase closed, open and to come.
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
		"opened": {at(-1), nil, "true false"}, "to be opened": {at(1), nil, "false true"}, "to be closed": {nil, at(1), "true false"}, "closed": {nil, at(0), "false false"},
		"not held": {nil, nil, "false false"},
	} {
		for _, phase := range []string{"registration", "application", "review", "selection", "offer"} {
			key := strings.ReplaceAll(name+"-"+phase, " ", "-")
			change := map[string]any{"key": key, phase + "_open": test.open, phase + "_close": test.close}
			a.call(t, http.MethodPost, "event", root.Token, body(change)).Decode(t, http.StatusCreated, &struct{}{})
			var got map[string]any
			a.call(t, http.MethodGet, "event-by-key?event_key="+key, root.Token, nil).Decode(t, http.StatusOK, &got)
			if is := fmt.Sprint(got["is_"+phase+"_open"], " ", got["is_"+phase+"_opening"]); is != test.want {
				t.Errorf("%s: %s, want %s", key, is, test.want)
			}
		}
	}
}

// TestListWhole has more events than a page can have, in the caller's language.
func TestListWhole(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.Register(t, "guest@example.org")
	for i := range 203 {
		a.CreateEvent(t, fmt.Sprint("event", i))
	}
	if got := a.walk(t, guest.Token, ""); len(got) != 203 || got[202] != 203 {
		t.Errorf("%d events", len(got))
	}
	a.call(t, http.MethodPut, "user?language=fr", guest.Token, map[string]any{"password": ""}).Decode(t, http.StatusOK, &guest)
	for path, want := range map[string]string{
		"events?limit=1": "Le event0", "events?limit=1&language=en": "The event0", "event-by-key?event_key=event0": "Le event0", "event-by-key?event_key=event0&language=de": "The event0",
	} {
		if got := a.call(t, http.MethodGet, path, guest.Token, nil).Body; !strings.Contains(got, `"name":"`+want+`"`) {
			t.Errorf("%s: %s", path, got)
		}
	}
}
