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

// load is clients of one process, each with a connection that it keeps.
type load struct {
	process
	next    func() string
	status  []byte
	conns   []net.Conn
	readers []*bufio.Reader

	turns     []time.Duration // how long each took
	latencies []time.Duration // of all requests
	worked    time.Duration   // what the process has used of the processors in its turns
	requests  int
}

// newLoad opens connections to a process. next returns a request, which has a response of that status.
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
		if err := l.exchange(len(l.conns) - 1); err != nil { // a silent connection would be cut off soon
			b.Fatalf("%s: %v", l.name, err)
		}
	}
	return l
}

// turn sends n requests, which the clients share.
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

// forget forgets the turns so far, in which connections were opened and statements prepared.
func (l *load) forget() { l.turns, l.latencies, l.worked, l.requests = nil, nil, 0, 0 }

func (l *load) exchange(client int) error {
	return apptest.Exchange(l.conns[client], l.readers[client], l.next(), l.status)
}

// p99 returns the 99th percentile of the latencies, in milliseconds.
func (l *load) p99() float64 {
	slices.Sort(l.latencies)
	return l.latencies[len(l.latencies)*99/100].Seconds() * 1000
}

// rounds lets the loads take turns of n requests, b.N each, and reports of each, beside the first:
//
//	x-NAME       how many times the first one's requests it has answered in the same time: the median over the rounds
//	p99-ms-NAME  the 99th percentile of its latencies
//	µs-NAME      processor time of its process for a request, where the system says
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
	b.ReportMetric(0, "ns/op") // of no use: suppressed
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

// tick is the unit in which Linux counts what processes use of the processors.
const tick = time.Second / 100

// processorTime returns what the process has used of the processors; 0 where the system does not say.
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

// memory returns what the process has resident, now and at most so far, in MiB; 0 where the system does not say.
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
