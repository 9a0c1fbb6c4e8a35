package loadtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
)

// BenchmarkSize measures the time and memory that the program needs, each round in a new process on one database.
// It reports the medians over the rounds:
//
//	ready-ms       time from the start until it is ready, on an existing database
//	MiB-reads      resident memory after 100,000 reads on 16 connections
//	MiB-burst      peak resident memory while 500 people then sign in at the same time, including that of hashes
func BenchmarkSize(b *testing.B) {
	onEach(b, func(b *testing.B, db *gorm.DB, address string) {
		b.Helper()
		storeUsers(b, db)
		n := 100_000
		if testing.Short() {
			n = 100
		}
		var ready, reads, burst []float64
		for range b.N {
			program, took := startProgram(b, address)
			request := fmt.Sprintf("GET /api/v1/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
				signedIn(b, program))
			newLoad(b, program, 16, func() string { return request }, http.StatusOK).turn(b, n)
			after, _ := program.memory()
			signInAtOnce(b, program)
			_, most := program.memory()
			ready, reads, burst = append(ready, took.Seconds()*1000), append(reads, after), append(burst, most)
			program.stop()
		}
		for name, values := range map[string][]float64{"ready-ms": ready, "MiB-reads": reads, "MiB-burst": burst} {
			slices.Sort(values)
			b.ReportMetric(values[len(values)/2], name)
		}
		b.ReportMetric(0, "ns/op") // meaningless here
	})
}

// signedIn signs in and returns the token.
func signedIn(b *testing.B, p process) string {
	b.Helper()
	return session(b, p, "/api/v1/authenticate", "guest1@example.org")
}

// signInAtOnce signs in all people at the same time. Some may get 503.
func signInAtOnce(b *testing.B, p process) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	var group sync.WaitGroup
	for i := range people {
		group.Go(func() {
			response, err := client.Post("http://"+p.address+"/api/v1/authenticate", "application/json",
				strings.NewReader(fmt.Sprintf(`{"email":"guest%d@example.org","password":"123456"}`, i)))
			if err != nil {
				b.Error(err)
				return
			}
			defer func() { _ = response.Body.Close() }()
			_, _ = io.Copy(io.Discard, response.Body)
			if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusServiceUnavailable {
				b.Errorf("got %s, want 200 or 503", response.Status)
			}
		})
	}
	group.Wait()
}
