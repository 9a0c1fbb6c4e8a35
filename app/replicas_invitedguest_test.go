//go:build unix

package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/users"
)

// withReplica returns another instance of the program, which reads from the standby.
func withReplica(
	t *testing.T, a *apptest.App, primary, standby *dbtest.Instance, patience time.Duration, options ...app.Option,
) *apptest.App {
	t.Helper()
	db := dbtest.Open(t, primary.Address(), database.Options{Now: a.Clock.Now})
	if err := database.UseReplicas(db, []string{standby.Address()},
		database.Options{ReplicaPatience: patience}); err != nil {
		t.Fatal(err)
	}
	other := *a
	other.App = app.New(a.Config, db, append(options, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now))...)
	database.ReplicasOf(db).Check(t.Context(), db)
	return &other
}

// reads returns how often an instance has read from the replica, and how often from the primary instead.
func reads(a *apptest.App) (replica, primary int64) {
	replicas, primary := database.ReplicasOf(a.DB).Use()
	return replicas[0].Reads, primary
}

// TestReplicas checks that lists, exports and counts are read from a replica, with what another instance has just
// written, and that nothing else is. While the replica lags or is down, they are read from the primary.
func TestReplicas(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	a := apptest.On(t, primary.Address())
	root := a.RegisterAdmin(t, "root@example.org")
	event := a.CreateEvent(t, "gala")
	invite := func(email string) {
		a.Register(t, email)
		a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitedGuest", Token: root.Token,
			Body: map[string]any{
				"event_id": event.ID, "email": email, "role": "guest",
			}}).Decode(t, http.StatusCreated, &struct{}{})
	}
	invite("ann@example.org")
	patient, hasty := withReplica(t, a, primary, standby, time.Minute),
		withReplica(t, a, primary, standby, 50*time.Millisecond)
	get := func(a *apptest.App, path string) string {
		response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: root.Token})
		if response.Status != http.StatusOK {
			t.Errorf("GET %s: %d %s; want %d", path, response.Status, response.Body, http.StatusOK)
		}
		return response.Body
	}
	ofEvent := fmt.Sprintf("?event_id=%d", event.ID)
	lists := []string{
		"/api/v1/users", "/api/v1/events", "/api/v1/tags" + ofEvent, "/api/v1/tagsconfig" + ofEvent,
		"/api/v1/invitedGuestList" + ofEvent, "/api/v1/invitedGuestList" + ofEvent + "&limit=1", "/api/v1/invitedGuestList" +
			ofEvent + "&format=csv",
		"/api/v1/userprofilelist" + ofEvent, "/api/v1/invitedGuest/counts" + ofEvent,
	}
	for i, path := range lists {
		invite(fmt.Sprintf("guest%d@example.org", i))
		if got, want := get(patient, path), get(a, path); got != want {
			t.Errorf("%s: got from a replica\n%s\nwant\n%s", path, got, want)
		}
		if replica, primary := reads(patient); replica != int64(i+1) || primary != 0 {
			t.Fatalf("%s: read %d times from the replica, %d from the primary; want %d and %d", path, replica, primary, i+1, 0)
		}
	}
	for _, path := range []string{"/api/v1/user", fmt.Sprintf("/api/v1/users/%d", root.ID),
		fmt.Sprintf("/api/v1/event?id=%d", event.ID)} {
		get(patient, path)
	}
	if replica, _ := reads(patient); replica != int64(len(lists)) {
		t.Errorf("other calls than lists read from the replica: got %d reads, want %d", replica, len(lists))
	}

	other := dbtest.Open(t, standby.Address(), database.Options{})
	if err := other.Exec("SELECT pg_wal_replay_pause()").Error; err != nil {
		t.Fatal(err)
	}
	invite("paused@example.org")
	if got := get(hasty, lists[4]); !strings.Contains(got, "paused@example.org") {
		t.Errorf("a list lacks what was written: %s", got)
	}
	if err := a.DB.Model(&users.User{}).Where("id = ?", root.ID).UpdateColumn("is_admin", false).Error; err != nil {
		t.Fatal(err)
	}
	if got := hasty.Send(t, apptest.Request{Method: http.MethodGet, Path: lists[0], Token: root.Token}); got.Status !=
		http.StatusForbidden {
		t.Errorf("got %d for a list after the role was revoked, want 403", got.Status)
	}
	if err := a.DB.Model(&users.User{}).Where("id = ?", root.ID).UpdateColumn("is_admin", true).Error; err != nil {
		t.Fatal(err)
	}
	if replica, _ := reads(hasty); replica != 0 {
		t.Errorf("read %d times from a replica that lags, want %d", replica, 0)
	}
	standby.Stop(t)
	if got := get(patient, lists[4]); !strings.Contains(got, "paused@example.org") {
		t.Errorf("a list lacks what was written: %s", got)
	}
}

// TestReplicaDiesDuringExport checks that a list that is written in batches is complete, with every guest once, if the
// replica dies during one of the batches.
func TestReplicaDiesDuringExport(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	a := apptest.On(t, primary.Address())
	root := a.RegisterAdmin(t, "root@example.org")
	event := a.CreateEvent(t, "gala")
	people := make([]map[string]any, 2500)
	for i := range people {
		people[i] = map[string]any{"email": fmt.Sprintf("guest%d@example.org", i)}
	}
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitedGuest/bulk", Token: root.Token,
		Body: map[string]any{
			"event_id": event.ID, "role": "guest", "guests": people,
		}}).Decode(t, http.StatusOK, &struct{}{})
	list := apptest.Request{Method: http.MethodGet, Path: fmt.Sprintf("/api/v1/invitedGuestList?event_id=%d&format=csv",
		event.ID), Token: root.Token}
	want := a.Send(t, list)
	other := withReplica(t, a, primary, standby, time.Minute)
	batches := 0
	err := other.DB.Callback().Query().Before("gorm:query").Register("die", func(tx *gorm.DB) {
		if tx.Statement.Table != "invited_guests" {
			return
		}
		if batches++; batches == 2 {
			standby.Stop(t)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got := other.Send(t, list)
	if got.Status != http.StatusOK || got.Body != want.Body || strings.Count(got.Body, "@example.org") != len(people) {
		t.Errorf("got status %d and %d bytes, want every guest once in %d bytes", got.Status, len(got.Body), len(want.Body))
	}
	if replica, primary := reads(other); replica != 1 || primary != 2 {
		t.Errorf("read %d batches from the replica, %d from the primary; want %d and %d", replica, primary, 1, 2)
	}
}

// TestReplicaMetrics checks the metrics of a server that has read from a replica, and from the primary after the
// replica went down.
func TestReplicaMetrics(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	a := apptest.On(t, primary.Address())
	root := a.RegisterAdmin(t, "root@example.org")
	api, listener := listen(t), listen(t)
	m := &measured{App: withReplica(t, a, primary, standby, time.Minute, app.WithMetrics(listener)),
		metrics: listener.Addr().String()}
	go func() { _ = m.Serve(t.Context(), api) }()
	list := func() {
		m.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users", Token: root.Token})
	}
	list()
	list()
	_, before := m.scrape(t)
	standby.Stop(t)
	list()
	_, after := m.scrape(t)
	all, _ := database.ReplicasOf(m.DB).Use()
	replica := all[0].Host
	for _, want := range []struct {
		families  map[string]*dto.MetricFamily
		name      string
		labels    []string
		wantValue float64
	}{
		{before, "database_replica_used", []string{replica}, 1},
		{before, "database_replica_reads_total", []string{replica}, 2},
		{before, "database_primary_reads_total", nil, 0},
		{after, "database_replica_used", []string{replica}, 0},
		{after, "database_replica_reads_total", []string{replica}, 2},
		{after, "database_primary_reads_total", nil, 1},
	} {
		if got := value(t, want.families, want.name, want.labels...); got != want.wantValue {
			t.Errorf("%s is %v, want %v", want.name, got, want.wantValue)
		}
	}
}
