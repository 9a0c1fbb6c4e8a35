package events_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"guestlist/app/apptest"
)

type listPage struct {
	Events     []struct{ ID int64 } `json:"events"`
	NextCursor *string              `json:"next_cursor"`
}

// walk reads a list to its end and returns the ids.
func (a testApp) walk(t *testing.T, token, query string) (ids []int64) {
	t.Helper()
	for cursor := ""; ; {
		var got listPage
		a.call(t, http.MethodGet, "events?"+query+cursor, token, nil).Decode(t, http.StatusOK, &got)
		for _, event := range got.Events {
			ids = append(ids, event.ID)
		}
		if got.NextCursor == nil {
			return ids
		}
		if cursor = "&cursor=" + url.QueryEscape(*got.NextCursor); len(ids) > 100 {
			t.Fatal("the list does not end")
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.Register(t, "guest@example.org")
	if got := a.call(t, http.MethodGet, "events", guest.Token, nil).Body; got != `{"events":[],"next_cursor":null}` {
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
		for limit := 1; limit <= 6; limit++ {
			if got := a.walk(t, guest.Token, fmt.Sprintf("sort=%s&limit=%d", sort, limit)); !slices.Equal(got, want) {
				t.Errorf("by %s in pages of %d: %v, want %v", sort, limit, got, want)
			}
		}
	}
	const want = `{"events":[{"id":1,"key":"event1","name":"Le event1","description":"Sur event1","start_date":"2026-02-06T12:00:00.000001Z",` +
		`"end_date":"2026-03-05T12:00:00Z","url":"","event_type":"event",` + noPhases + `],"next_cursor":`
	if got := a.call(t, http.MethodGet, "events?language=fr&limit=1", guest.Token, nil).Body; len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("got %s", got)
	}
	var first listPage
	a.call(t, http.MethodGet, "events?limit=1", guest.Token, nil).Decode(t, http.StatusOK, &first)
	a.call(t, http.MethodGet, "events?sort=-id&cursor="+*first.NextCursor, guest.Token, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/events"}).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}
