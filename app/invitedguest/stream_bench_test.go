package invitedguest_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/events"
)

// serveQuietly serves an application over loopback, with an administrator and without a log, so that only the responses
// make the heap grow. get requests the list of an event.
func serveQuietly(t testing.TB) (a testApp, get func(eventID int64, format string) io.ReadCloser) {
	t.Helper()
	db := apptest.Database(t, database.Options{})
	a.App = &apptest.App{App: app.New(apptest.Config(), db, app.WithLogger(slog.New(slog.DiscardHandler))),
		Clock: apptest.NewClock()}
	a.admin = a.RegisterAdmin(t, "admin@example.org")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = a.Serve(t.Context(), listener) }()
	return a, func(eventID int64, format string) io.ReadCloser {
		url := "http://" + listener.Addr().String() + pathOf("invitedGuestList", "event_id", eventID, "format", format)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", a.admin.Token)
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response, err)
		}
		return response.Body
	}
}

// storeEvent stores an event with the given number of guests, a tenth of whom have a tag, and returns its ID.
func (a testApp) storeEvent(t testing.TB, guests int) int64 {
	t.Helper()
	id := a.CreateEvent(t, fmt.Sprint("of-", guests)).ID
	a.Grant(t, id, a.admin.ID, events.Administrator)
	storeGuests(t, a.DB, id, guests)
	err := a.DB.Exec("INSERT INTO invited_guest_tags (invited_guest_id, tag_id) SELECT id, ? FROM invited_guests WHERE "+
		"event_id = ? AND id % 10 = 0",
		a.storeTag(t, id, "vip"), id).Error
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	return id
}

// liveHeap returns the number of bytes in use, without garbage.
func liveHeap() int64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// growth reads and discards a response and returns its size, and by how much the live heap exceeded what it was before,
// measured all the time and sorted. Both ends of the connection are in this process.
func growth(t testing.TB, get func() io.ReadCloser) (heap []int64, size int64) {
	t.Helper()
	before := liveHeap()
	body := get()
	defer body.Close()
	read := make(chan error, 1)
	go func() {
		var err error
		size, err = io.Copy(io.Discard, body)
		read <- err
	}()
	for {
		heap = append(heap, liveHeap()-before)
		select {
		case err := <-read:
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(heap)
			return heap, size
		default:
		}
	}
}

const mebibyte = 1 << 20

// mostly returns the ninth decile of sorted values. The maximum partly depends on chance, because memory that is
// allocated during garbage collection counts as live.
func mostly(heap []int64) int64 { return heap[len(heap)*9/10] }

// TestStreamMemory checks that the heap grows less than it would if all 20,000 guests were in memory together, or their
// whole response of 9 MiB. It does not run in parallel with other tests, which use the same heap.
func TestStreamMemory(t *testing.T) {
	a, get := serveQuietly(t)
	id := a.storeEvent(t, 20_000)
	heap, size := growth(t, func() io.ReadCloser { return get(id, "json") })
	const most = 7.5 // MiB; up to 5 have been seen by chance
	if got := float64(mostly(heap)) / mebibyte; size < 8*mebibyte || got > most {
		t.Errorf("the heap grows by %.1f MiB for a response of %.1f MiB, want at most %.1f for at least 8", got,
			float64(size)/mebibyte, most)
	}
}

// BenchmarkStream sends all guests of events of different sizes over HTTP to a client that discards them, and measures
// by how much the live heap grows, as the ninth decile and at most. For that, garbage is collected all the time, which
// costs most of the speed.
func BenchmarkStream(b *testing.B) {
	a, get := serveQuietly(b)
	for _, guests := range []int{10_000, 100_000} {
		if testing.Short() && guests > 10_000 {
			break
		}
		id := a.storeEvent(b, guests)
		for _, format := range []string{"csv", "json"} {
			b.Run(fmt.Sprint(format, "/", guests), func(b *testing.B) {
				list := func() io.ReadCloser { return get(id, format) }
				growth(b, list) // create what is kept for all requests
				var all []int64
				var size int64
				for b.Loop() {
					var heap []int64
					heap, size = growth(b, list)
					all = append(all, heap...)
				}
				slices.Sort(all)
				b.ReportMetric(float64(mostly(all))/mebibyte, "MiB-heap-p90")
				b.ReportMetric(float64(all[len(all)-1])/mebibyte, "MiB-heap-max")
				b.ReportMetric(float64(size)/mebibyte, "MiB-answer")
			})
		}
	}
}
