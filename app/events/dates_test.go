package events_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/localtime"
)

// inZone sets the time zone of events that have none of their own.
func inZone(name string) func(*app.Config) {
	return func(c *app.Config) {
		var err error
		if c.TimeZone, err = localtime.Load(name); err != nil {
			panic(err)
		}
	}
}

// dated is what these tests read of an event.
type dated struct {
	ID                int64
	StartDate         string `json:"start_date"`
	EndDate           string `json:"end_date"`
	TimeZone          string `json:"time_zone"`
	RegistrationOpen  string `json:"registration_open"`
	RegistrationClose string `json:"registration_close"`
}

func TestDatesAreInTheEventsTimeZone(t *testing.T) {
	t.Parallel()
	a := testApp{apptest.New(t, inZone("Africa/Lagos"))}
	root := a.RegisterAdmin(t, "root@example.org")
	for name, test := range map[string]struct{ zone, start, end, open, close, want string }{
		"the installation's zone": {
			"", "2100-06-30T10:00", "2100-06-30", "2100-06-01", "2100-06-30T09:00:00",
			"Africa/Lagos 2100-06-30T09:00:00Z 2100-06-30T22:59:59.999999Z 2100-05-31T23:00:00Z 2100-06-30T08:00:00Z",
		},
		"its own zone": {
			"America/Los_Angeles", "2026-06-30", "2026-06-30", "2026-06-01T08:00", "2026-06-30",
			"America/Los_Angeles 2026-06-30T07:00:00Z 2026-07-01T06:59:59.999999Z 2026-06-01T15:00:00Z " +
				"2026-07-01T06:59:59.999999Z",
		},
		"offsets": {
			"Asia/Kolkata", "2026-06-30T10:00Z", "2026-06-30T10:00:00-05:00", "2026-06-01T08:00+05:30",
			"2026-06-30T03:04:05.123456Z",
			"Asia/Kolkata 2026-06-30T10:00:00Z 2026-06-30T15:00:00Z 2026-06-01T02:30:00Z 2026-06-30T03:04:05.123456Z",
		},
		"a day of 23 hours, and a time that it does not have": {
			"Europe/Berlin", "2026-03-29", "2026-03-29", "2026-03-29T02:30", "2026-03-29T03:30",
			"Europe/Berlin 2026-03-28T23:00:00Z 2026-03-29T21:59:59.999999Z 2026-03-29T01:30:00Z 2026-03-29T01:30:00Z",
		},
		"a day of 25 hours, and a time that it has twice": {
			"Europe/Berlin", "2026-10-25", "2026-10-25", "2026-10-25T02:30", "2026-10-25T02:30:00+01:00",
			"Europe/Berlin 2026-10-24T22:00:00Z 2026-10-25T22:59:59.999999Z 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got dated
			a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{
				"key": fmt.Sprint("event", len(name)), "time_zone": test.zone, "start_date": test.start, "end_date": test.end,
				"registration_open": test.open, "registration_close": test.close,
			})).Decode(t, http.StatusCreated, &got)
			if got := fmt.Sprint(got.TimeZone, " ", got.StartDate, " ", got.EndDate, " ", got.RegistrationOpen, " ",
				got.RegistrationClose); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestImportIsInTheInstallationsZone checks that an imported event without a time zone gets the installation's.
func TestImportIsInTheInstallationsZone(t *testing.T) {
	t.Parallel()
	a := testApp{apptest.New(t, inZone("Africa/Lagos"))}
	const file = `{"key":"gala","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-01T19:00",` +
		`"end_date":"2100-01-01"}`
	if _, stderr, err := a.command(t, file, "import", "-"); err != nil {
		t.Fatal(err, stderr)
	}
	event, err := events.FindByKey(t.Context(), a.DB, "gala")
	if err != nil {
		t.Fatal(err)
	}
	const want = "Africa/Lagos 2100-01-01T18:00:00Z 2100-01-01T22:59:59.999999Z"
	got := event.TimeZone + " " + event.StartDate.UTC().Format(time.RFC3339) + " " + event.EndDate.UTC().
		Format(time.RFC3339Nano)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestUpdateKeepsTheTimeZone checks that dates in an update without time_zone are in the event's zone, and that writing
// back what was read changes nothing.
func TestUpdateKeepsTheTimeZone(t *testing.T) {
	t.Parallel()
	a := testApp{apptest.New(t, inZone("Africa/Lagos"))}
	root := a.RegisterAdmin(t, "root@example.org")
	a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{
		"time_zone": "America/Los_Angeles", "start_date": "2026-06-30", "end_date": "2026-06-30",
		"registration_close": "2026-06-29",
	})).Decode(t, http.StatusCreated, &struct{}{})
	read := func() string { return a.call(t, http.MethodGet, "event?id=1", root.Token, nil).Body }

	before := read()
	var event map[string]any
	if err := json.Unmarshal([]byte(before), &event); err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"in it", "left out"} {
		if zone == "left out" {
			delete(event, "time_zone")
		}
		a.call(t, http.MethodPut, "event", root.Token, event).Decode(t, http.StatusOK, &struct{}{})
		if after := read(); after != before {
			t.Errorf("written back with the time zone %s: got\n%s, want\n%s", zone, after, before)
		}
	}

	put := func(changes map[string]any) apptest.Response {
		return a.call(t, http.MethodPut, "event?id=1", root.Token, body(changes))
	}
	for _, test := range []struct {
		changes map[string]any
		want    dated
	}{
		{
			map[string]any{"start_date": "2026-07-01", "end_date": "2026-07-01T12:00"},
			dated{ID: 1, TimeZone: "America/Los_Angeles", StartDate: "2026-07-01T07:00:00Z", EndDate: "2026-07-01T19:00:00Z"},
		},
		{
			map[string]any{"start_date": "2026-07-01", "end_date": "2026-07-01T12:00", "time_zone": "Asia/Tokyo"},
			dated{ID: 1, TimeZone: "Asia/Tokyo", StartDate: "2026-06-30T15:00:00Z", EndDate: "2026-07-01T03:00:00Z"},
		},
		{ // in the right order only in Tokyo
			map[string]any{"start_date": "2026-07-01T12:00", "end_date": "2026-07-01T04:00Z"},
			dated{ID: 1, TimeZone: "Asia/Tokyo", StartDate: "2026-07-01T03:00:00Z", EndDate: "2026-07-01T04:00:00Z"},
		},
	} {
		var got dated
		put(test.changes).Decode(t, http.StatusOK, &got)
		if got != test.want {
			t.Errorf("%v: got %+v, want %+v", test.changes, got, test.want)
		}
	}
	disorder := map[string]any{"start_date": "2026-07-01T02:00Z", "end_date": "2026-07-01T10:00"} // in Tokyo
	if got := put(disorder).Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["end_date"] == "" {
		t.Errorf("%v: got %v, want an error about end_date", disorder, got.Errors)
	}
}

// TestWholeDaysEndWithTheDayThere checks that an event of today in Los Angeles, where the day begins at 08:00 UTC, ends
// when the day ends there.
func TestWholeDaysEndWithTheDayThere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t) // 2026-02-03T12:00:00Z
	root, guest := a.RegisterAdmin(t, "root@example.org"), a.Register(t, "guest@example.org")
	a.call(t, http.MethodPost, "event", root.Token, body(map[string]any{
		"time_zone": "America/Los_Angeles", "start_date": "2026-02-03", "end_date": "2026-02-03",
	})).Decode(t, http.StatusCreated, &struct{}{})
	type seen struct {
		StartDate   string `json:"start_date"`
		EndDate     string `json:"end_date"`
		IsEventOpen bool   `json:"is_event_open"`
	}
	const day = "03 February 2026"
	for _, step := range []struct {
		wait time.Duration
		want []seen
	}{
		{0, []seen{{day, day, true}}},
		{19 * time.Hour, []seen{{day, day, true}}}, // 2026-02-04T07:00:00Z
		{time.Hour - time.Second, []seen{{day, day, true}}},
		{time.Second, []seen{}},
	} {
		a.Clock.Advance(step.wait)
		var got []seen
		a.call(t, http.MethodGet, "events", guest.Token, nil).Decode(t, http.StatusOK, &got)
		if fmt.Sprint(got) != fmt.Sprint(step.want) {
			t.Errorf("at %s: got %v, want %v", a.Clock.Now(), got, step.want)
		}
	}
}
