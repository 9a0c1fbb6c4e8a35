package events_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestListIsTheCallers checks which past, current and future events are listed for guests, administrators and
// strangers.
func TestListIsTheCallers(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	now := a.Clock.Now()
	at := func(days int) *time.Time {
		at := now.AddDate(0, 0, days)
		return &at
	}
	spans := [][2]*time.Time{{at(-9), at(-8)}, {at(-9), at(-8)}, {at(-1), at(0)}, {at(-1), at(1)}, {at(3), at(4)},
		{at(-9), nil}}
	for i := range spans {
		a.CreateEvent(t, fmt.Sprint("event", i+1))
	}
	stranger, guest := a.Register(t, "stranger@example.org"), a.RegisterVerified(t, "guest@example.org")
	unproven := a.Register(t, "unproven@example.org")
	a.Grant(t, 2, unproven.ID, events.Administrator)
	admin := a.RegisterWithRole(t, "admin@example.org", 2, events.Administrator)
	reviewer := a.RegisterWithRole(t, "reviewer@example.org", 1, events.Reviewer)
	root := a.RegisterAdmin(t, "root@example.org")
	for _, id := range []int64{1, 4, 5} {
		a.call(t, http.MethodPost, "invitedGuest", root.Token, map[string]any{"event_id": id, "email": guest.Email,
			"role": "speaker"}).
			Decode(t, http.StatusCreated, &struct{}{})
	}
	a.call(t, http.MethodPost, "invitedGuest", root.Token, map[string]any{"event_id": 1, "email": unproven.Email,
		"role": "speaker"}).
		Decode(t, http.StatusCreated, &struct{}{})
	for i, span := range spans { // only now, since guests cannot be invited to an event that is over
		dates := map[string]any{"start_date": span[0], "end_date": span[1]}
		if err := a.DB.Model(&events.Event{ID: int64(i + 1)}).UpdateColumns(dates).Error; err != nil {
			t.Fatal(err)
		}
	}
	for id, status := range map[int]string{4: "declined", 5: "accepted"} {
		if err := a.DB.Exec("UPDATE invited_guests SET status = ? WHERE event_id = ?", status, id).Error; err != nil {
			t.Fatal(err)
		}
	}
	for who, want := range map[apptest.User][]int64{
		stranger: {3, 4, 5, 6}, unproven: {3, 4, 5, 6}, reviewer: {3, 4, 5, 6}, guest: {1, 3, 4, 5, 6},
		admin: {2, 3, 4, 5, 6}, root: {1, 2, 3, 4, 5, 6},
	} {
		for _, query := range []string{"", "limit=2", "sort=-start_date", "sort=-start_date&limit=1"} {
			got := a.walk(t, who.Token, query)
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s, %s: got %v, want %v", who.Email, query, got, want)
			}
		}
	}
	var list []listed
	a.call(t, http.MethodGet, "events", guest.Token, nil).Decode(t, http.StatusOK, &list)
	wanted := []string{"speaker <nil> true", "<nil> <nil> false", "speaker Not Confirmed true", "speaker Confirmed true",
		"<nil> <nil> false"}
	for i, event := range list {
		got := fmt.Sprint(event.Status["invited_guest"], " ", event.Status["registration_status"], " ",
			event.Status["is_event_attendee"])
		if got != wanted[i] {
			t.Errorf("event %d: got %s, want %s", event.ID, got, wanted[i])
		}
	}
	for key, want := range map[string]string{"event1": "false false", "event3": "false false", "event4": "true false",
		"event5": "false true", "event6": "true false"} {
		var got map[string]any
		a.call(t, http.MethodGet, "event-by-key?event_key="+key, guest.Token, nil).Decode(t, http.StatusOK, &got)
		if opened := fmt.Sprint(got["is_event_open"], " ", got["is_event_opening"]); opened != want || got["status"] == nil {
			t.Errorf("%s: got %s, want %s", key, opened, want)
		}
	}
}
