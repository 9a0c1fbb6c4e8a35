package users_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/secrets"
	"guestlist/app/users"
)

// burst is how many people sign in at the same time, each to their own account.
const burst = 500

// BenchmarkBurst signs in 500 users at the same time over HTTP, b.N times, while requesting /healthz:
//
//	healthz-p99-ms  the 99th percentile of the latency of /healthz
//	healthz-max-ms  its maximum
//	peak-MiB        the server's peak memory
//	signed-in       how many of a burst got a token; the others got 503 with Retry-After
//	%yardstick      tokens as a share of the hashes that the processors can compute in the time
func BenchmarkBurst(b *testing.B) {
	url := dbtest.URL(b)
	db := dbtest.Open(b, url, database.Options{})
	dbtest.Upgrade(b, db)
	server := apptest.StartServer(b, url)
	hash, err := secrets.NewPasswords(1).Hash(context.Background(), netip.Prefix{}, "123456")
	if err != nil {
		b.Fatal(err)
	}
	people := make([]users.User, burst)
	for i := range people {
		people[i] = users.User{Email: fmt.Sprintf("guest%d@example.org", i), PasswordHash: hash, PrimaryLanguage: "en"}
	}
	if err := db.CreateInBatches(people, 100).Error; err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: burst}}
	b.Cleanup(client.CloseIdleConnections)
	perHash := apptest.HashTime(b, 8)
	ctx, stop := context.WithCancel(context.Background())
	watched := watch(ctx, b, server.Address)
	var signedIn int64
	for b.Loop() {
		signedIn += signInAtOnce(b, client, "http://"+server.Address+"/api/v1/authenticate")
	}
	elapsed := b.Elapsed()
	stop()
	latencies := <-watched
	slices.Sort(latencies)
	b.ReportMetric(float64(latencies[len(latencies)*99/100].Microseconds())/1000, "healthz-p99-ms")
	b.ReportMetric(float64(latencies[len(latencies)-1].Microseconds())/1000, "healthz-max-ms")
	b.ReportMetric(float64(peakMemory(b, server.Process))/1024, "peak-MiB")
	b.ReportMetric(float64(signedIn)/float64(b.N), "signed-in")
	b.ReportMetric(100*float64(signedIn)*perHash.Seconds()/elapsed.Seconds(), "%yardstick")
}

// signInAtOnce returns how many of the burst got a token. Each other response must have a Retry-After header.
func signInAtOnce(b *testing.B, client *http.Client, url string) int64 {
	b.Helper()
	var signedIn atomic.Int64
	var group sync.WaitGroup
	for i := range burst {
		group.Go(func() {
			body := fmt.Sprintf(`{"email":"guest%d@example.org","password":"123456"}`, i)
			response, err := client.Post(url, "application/json", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			defer response.Body.Close()
			_, _ = io.Copy(io.Discard, response.Body)
			switch {
			case response.StatusCode == http.StatusOK:
				signedIn.Add(1)
			case response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "":
				b.Errorf("got %s, want 200, or 503 with Retry-After", response.Status)
			}
		})
	}
	group.Wait()
	return signedIn.Load()
}

// peakMemory returns a process's peak resident memory in KiB; 0 if the system does not report it.
func peakMemory(b *testing.B, process *os.Process) (kib int) {
	b.Helper()
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid))
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil {
			return kib
		}
	}
	return 0
}

// watch requests /healthz repeatedly until ctx ends, on its own connection, and returns the latencies.
func watch(ctx context.Context, b *testing.B, address string) <-chan []time.Duration {
	b.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	result := make(chan []time.Duration, 1)
	go func() {
		var latencies []time.Duration
		l := load{
			next:    func() string { return "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" },
			status:  []byte("HTTP/1.1 200 "),
			conns:   []net.Conn{conn},
			readers: []*bufio.Reader{bufio.NewReader(conn)},
		}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for ; ctx.Err() == nil; <-tick.C {
			begin := time.Now()
			if err := l.exchange(0); err != nil {
				b.Error(err)
				break
			}
			latencies = append(latencies, time.Since(begin))
		}
		result <- latencies
	}()
	return result
}
