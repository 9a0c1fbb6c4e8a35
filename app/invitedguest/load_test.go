package invitedguest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// The numbers of clients. Each has its own connection and sends a request as soon as it has the response to the last.
const (
	loadWriters = 32
	loadReaders = 200
)

// TestLoad is a short BenchmarkLoad.
func TestLoad(t *testing.T) {
	t.Parallel()
	newLoad(t).run(t, 2)
}

// BenchmarkLoad has 32 clients write and 200 read over HTTP, without a pause, for as long as -benchtime says. It checks
// that no request fails and that all new guests are stored at the end:
//
//	go test ./app/invitedguest -run xxx -bench Load -benchtime 1m
//
// An operation is one write by each writer.
func BenchmarkLoad(b *testing.B) {
	l := newLoad(b)
	b.ResetTimer()
	writes, reads := l.run(b, b.N)
	for name, latencies := range map[string][]time.Duration{"write": writes, "read": reads} {
		slices.Sort(latencies)
		last := len(latencies) - 1
		b.ReportMetric(float64(len(latencies))/b.Elapsed().Seconds(), name+"s/s")
		b.ReportMetric(milliseconds(latencies[last/2]), "ms/"+name+"-median")
		b.ReportMetric(milliseconds(latencies[last*99/100]), "ms/"+name+"-p99")
		b.ReportMetric(milliseconds(latencies[last]), "ms/"+name+"-max")
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// load is a server in its own process, with an event and some guests.
type load struct {
	a       testApp
	address string
	client  *http.Client
	runs    int
	created atomic.Int64
}

func newLoad(t testing.TB) *load {
	t.Helper()
	url := dbtest.URL(t)
	l := &load{a: prepare(t, apptest.On(t, url))}
	var guests []any
	for i := range 500 {
		guests = append(guests, map[string]any{"email": fmt.Sprintf("guest%d@example.org", i),
			"lastname": fmt.Sprint("Lee", i)})
	}
	body := map[string]any{"event_id": l.a.event.ID, "role": "guest", "guests": guests}
	l.a.bulk(t, "", body, nil).Decode(t, http.StatusOK, &bulkReport{})
	l.address = "http://" + apptest.StartServer(t, url).Address
	transport := &http.Transport{MaxIdleConnsPerHost: loadWriters + loadReaders}
	l.client = &http.Client{Transport: transport}
	t.Cleanup(transport.CloseIdleConnections)
	return l
}

// run has each writer write the given number of times while the readers read. It returns how long each request took.
func (l *load) run(t testing.TB, each int) (writes, reads []time.Duration) {
	t.Helper()
	l.runs++
	var mutex sync.Mutex
	var writers, readers sync.WaitGroup
	var ended atomic.Bool
	for writer := range loadWriters {
		writers.Go(func() {
			var own []time.Duration
			for i := range each {
				own = append(own, l.write(t, writer, i))
			}
			mutex.Lock()
			defer mutex.Unlock()
			writes = append(writes, own...)
		})
	}
	for reader := range loadReaders {
		readers.Go(func() {
			own := []time.Duration{l.read(t, reader)}
			for i := reader + 1; !ended.Load(); i++ {
				own = append(own, l.read(t, i))
			}
			mutex.Lock()
			defer mutex.Unlock()
			reads = append(reads, own...)
		})
	}
	writers.Wait()
	ended.Store(true)
	readers.Wait()
	var stored int64
	err := l.a.DB.Table("users").Where("email LIKE 'load%'").Count(&stored).Error
	if want := l.created.Load(); err != nil || stored != want {
		t.Errorf("%d guests are stored, want %d, %v", stored, want, err)
	}
	return writes, reads
}

// write invites a guest, or changes a user or guest who exists already.
func (l *load) write(t testing.TB, writer, i int) time.Duration {
	t.Helper()
	event := l.a.event.ID
	switch (writer + i) % 4 {
	case 0:
		body := fmt.Sprintf(`{"firstname":"Ann %d"}`, i)
		return l.send(t, http.MethodPut, "/api/v1/user", body)
	case 1:
		guest := 1 + (writer*31+i)%500
		body := fmt.Sprintf(`{"event_id":%d,"invited_guest_id":%d,"role":"guest %d"}`, event, guest, i)
		return l.send(t, http.MethodPut, "/api/v1/invitedGuest", body)
	}
	l.created.Add(1)
	body := fmt.Sprintf(`{"event_id":%d,"role":"guest","email":"load%d-%d-%d@example.org"}`, event, l.runs, writer, i)
	return l.send(t, http.MethodPost, "/api/v1/invitedGuest/create", body)
}

func (l *load) read(t testing.TB, i int) time.Duration {
	t.Helper()
	event := l.a.event.ID
	return l.send(t, http.MethodGet, []string{
		"/api/v1/user",
		fmt.Sprint("/api/v1/event?id=", event),
		fmt.Sprint("/api/v1/tags?event_id=", event),
		fmt.Sprint("/api/v1/invitedGuestList?limit=20&event_id=", event),
		fmt.Sprint("/api/v1/invitedGuest/counts?event_id=", event),
		"/readyz",
	}[i%6], "")
}

// send fails the test if the response is an error. It returns how long the request took.
func (l *load) send(t testing.TB, method, path, body string) time.Duration {
	t.Helper()
	begin := time.Now()
	request, err := http.NewRequestWithContext(context.Background(), method, l.address+path, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Authorization", "Bearer "+l.a.admin.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := l.client.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Errorf("%s %s: got %s %s, %v; want success", method, path, response.Status, text, err)
	}
	return time.Since(begin)
}
