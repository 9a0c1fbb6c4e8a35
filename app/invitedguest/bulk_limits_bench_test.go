package invitedguest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/events"
)

// BenchmarkBulkLimits sends, as dry runs, the largest bulk that is allowed, 10,000 people in 5 MiB; ten times as much,
// with and without its length; bodies that cost most for their size; and the largest bulk by a user who may not invite.
func BenchmarkBulkLimits(b *testing.B) {
	// Not apptest.New, which logs every query.
	clock := apptest.NewClock()
	server := app.New(apptest.Config(), apptest.Database(b, database.Options{Now: clock.Now}), app.WithClock(clock.Now))
	a := testApp{App: &apptest.App{App: server, Clock: clock}}
	a.event = a.CreateEvent(b, "gala")
	a.admin = a.RegisterWithRole(b, "admin@example.org", a.event.ID, events.Administrator)
	stranger := a.Register(b, "stranger@example.org")
	const note = 5*mib/bulkSize - 80
	objects, rows := fullObjects(bulkSize, note), fullRows(bulkSize, note)
	for _, bulk := range []struct {
		name, mediaType, body, token string
		announced                    bool // whether the length is sent
		status                       int
	}{
		{"allowed/json", typeJSON, objects, a.admin.Token, true, 200},
		{"allowed/csv", typeCSV, rows, a.admin.Token, true, 200},
		{"ten times/json", typeJSON, fullObjects(10*bulkSize, note), a.admin.Token, false, 400},
		{"ten times/csv", typeCSV, fullRows(10*bulkSize, note), a.admin.Token, false, 400},
		{"ten times/announced", typeJSON, fullObjects(10*bulkSize, note), a.admin.Token, true, 413},
		{"many/zeros", typeJSON, `{"guests":[0` + strings.Repeat(",0", 2_600_000) + "]}", a.admin.Token, true, 400},
		{"many/members", typeJSON, `{` + members(75_000) + `,"guests":[0]}`, a.admin.Token, true, 200},
		{"many/columns", typeCSV, "email" + strings.Repeat(",", 5*mib-5), a.admin.Token, true, 400},
		{"stranger/json", typeJSON, objects, stranger.Token, true, 403},
		{"stranger/csv", typeCSV, rows, stranger.Token, true, 403},
	} {
		b.Run(bulk.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bulk.body)))
			for b.Loop() {
				request := apptest.Request{
					Method: http.MethodPost, Token: bulk.token, Body: bulk.body,
					Header: map[string]string{"Content-Type": bulk.mediaType},
					Path:   fmt.Sprint("/api/v1/invitedGuest/bulk?dry_run=true&role=guest&event_id=", a.event.ID),
				}.HTTP(b)
				if !bulk.announced {
					request.Body, request.ContentLength = io.NopCloser(strings.NewReader(bulk.body)), -1
				}
				if got := a.SendHTTP(request); got.Status != bulk.status {
					b.Fatalf("got %d %.200s, want %d", got.Status, got.Body, bulk.status)
				}
			}
		})
	}
}

// fullObjects returns count guests, each with a note of note bytes.
func fullObjects(count, note int) string {
	var text strings.Builder
	text.WriteString(`{"guests":[`)
	for i := range count {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"email":"guest%06d@example.org","firstname":"Ann","note":"%s"}`, i, strings.Repeat("x", note))
	}
	text.WriteString("]}")
	return text.String()
}

// fullRows returns the guests of fullObjects as a table.
func fullRows(count, note int) string {
	var text strings.Builder
	text.WriteString("email,firstname,note\n")
	for i := range count {
		fmt.Fprintf(&text, "guest%06d@example.org,Ann,%s\n", i, strings.Repeat("x", note))
	}
	return text.String()
}
