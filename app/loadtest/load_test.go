package loadtest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/app/apptest"
)

// load is a set of clients of one process, each with a persistent connection.
type load struct {
	process
	next    func() string
	status  []byte
	conns   []net.Conn
	readers []*bufio.Reader

	turns     []time.Duration // duration of each turn
	latencies []time.Duration // of all requests
	worked    time.Duration   // processor time of the process during its turns
	requests  int
}

// newLoad connects the clients to a process. next returns a request, whose response must have the status.
func newLoad(b *testing.B, p process, clients int, next func() string, status int) *load {
	b.Helper()
	l := &load{process: p, next: next, status: fmt.Appendf(nil, "HTTP/1.1 %d ", status)}
	for range clients {
		conn, err := net.Dial("tcp", p.address)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		l.conns = append(l.conns, conn)
		l.readers = append(l.readers, bufio.NewReader(conn))
		if err := l.exchange(len(l.conns) - 1); err != nil { // otherwise the server would close it as idle
			b.Fatalf("%s: %v", l.name, err)
		}
	}
	return l
}

// turn sends n requests, spread over the clients.
func (l *load) turn(b *testing.B, n int) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	each := make([][]time.Duration, len(l.conns))
	worked := l.processorTime(b)
	begin := time.Now()
	var group sync.WaitGroup
	for i := range l.conns {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				sent := time.Now()
				if err := l.exchange(i); err != nil {
					b.Errorf("%s: %v", l.name, err)
					return
				}
				each[i] = append(each[i], time.Since(sent))
			}
		})
	}
	group.Wait()
	if b.Failed() {
		b.FailNow()
	}
	l.turns = append(l.turns, time.Since(begin))
	l.worked += l.processorTime(b) - worked
	l.latencies = append(l.latencies, slices.Concat(each...)...)
	l.requests += n
}

// forget discards the turns so far, in which connections were opened and statements prepared.
func (l *load) forget() { l.turns, l.latencies, l.worked, l.requests = nil, nil, 0, 0 }

func (l *load) exchange(client int) error {
	return apptest.Exchange(l.conns[client], l.readers[client], l.next(), l.status)
}

// p99 returns the 99th percentile of the latencies, in milliseconds.
func (l *load) p99() float64 {
	slices.Sort(l.latencies)
	return l.latencies[len(l.latencies)*99/100].Seconds() * 1000
}

// rounds runs b.N turns of n requests for each load, alternating, and reports for each:
//
//	x-NAME       its throughput as a multiple of the first load's: the median over the rounds
//	p99-ms-NAME  the 99th percentile of its latencies
//	µs-NAME      processor time of its process per request, where the system reports it
func rounds(b *testing.B, n int, loads ...*load) {
	b.Helper()
	for _, l := range loads {
		l.turn(b, n)
		l.forget()
	}
	b.ResetTimer()
	for i := range b.N {
		for k := range loads {
			loads[(i+k)%len(loads)].turn(b, n)
		}
	}
	b.StopTimer()
	b.ReportMetric(0, "ns/op") // meaningless here
	for _, l := range loads {
		ratios := make([]float64, len(l.turns))
		for i, spent := range l.turns {
			ratios[i] = loads[0].turns[i].Seconds() / spent.Seconds()
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[len(ratios)/2], "x-"+l.name)
		b.ReportMetric(l.p99(), "p99-ms-"+l.name)
		if l.worked > 0 {
			b.ReportMetric(float64(l.worked.Microseconds())/float64(l.requests), "µs-"+l.name)
		}
	}
}

// tick is Linux's unit of processor time.
const tick = time.Second / 100

// processorTime returns the process's processor time; 0 if the system does not report it.
func (p process) processorTime(b *testing.B) time.Duration {
	b.Helper()
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	_, rest, _ := strings.Cut(string(text), ") ") // after the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * tick
}

// memory returns the process's current and peak resident memory, in MiB; 0 if the system does not report it.
func (p process) memory() (now, most float64) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	for line := range strings.Lines(string(text)) {
		var kib float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kib); err == nil {
			now = kib / 1024
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kib); err == nil {
			most = kib / 1024
		}
	}
	return now, most
}
