package limits_test

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/limits"
)

func TestParseRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]limits.Rate{
		"off": {}, "OFF": {}, "600/1m": {Count: 600, Per: time.Minute}, "1/24h": {Count: 1, Per: 24 * time.Hour},
		"1000000/1s": {Count: 1e6, Per: time.Second},
	} {
		got, err := limits.ParseRate(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
		if again, err := limits.ParseRate(got.String()); err != nil || again != want {
			t.Errorf("%q is formatted as %q, which is parsed as %v, %v; want %v", text, got, again, err, want)
		}
	}
	for _, text := range []string{"", "600", "600/", "/1m", "0/1m", "-1/1m", "1e3/1m", "1000001/1m", "1/1ms", "1/0s",
		"1/25h", "1/1m/1m", "1/x", "on", " 1/1m"} {
		if got, err := limits.ParseRate(text); err == nil || !strings.Contains(err.Error(), "such as 600/1m") {
			t.Errorf("%q: got %v, %v; want an error with an example", text, got, err)
		}
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for client, want := range map[string]string{
		"203.0.113.9":            "203.0.113.9/32",
		"::ffff:203.0.113.9":     "203.0.113.9/32",
		"2001:db8:1:2:3:4:5:6":   "2001:db8:1:2::/64",
		"fe80::1%eth0":           "fe80::/64",
		"::1":                    "::/64",
		"2001:db8:1:2:ffff::abc": "2001:db8:1:2::/64",
	} {
		if got := limits.Network(netip.MustParseAddr(client)).String(); got != want {
			t.Errorf("%s is in the network %s, want %s", client, got, want)
		}
	}
	if got := limits.Network(netip.Addr{}); got.IsValid() {
		t.Errorf("the zero address is in %s, want an invalid network", got)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	clock := apptest.NewClock()
	l := limits.NewLimiter(limits.Rate{Count: 3, Per: time.Minute}, clock.Now)
	ann, bob := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("2001:db8::1")
	for i, step := range []struct {
		after  time.Duration
		client netip.Addr
		wait   time.Duration
	}{
		{0, ann, 0}, {0, ann, 0}, {0, ann, 0}, {0, ann, 20 * time.Second},
		{0, bob, 0}, // another client
		{0, netip.MustParseAddr("2001:db8::2"), 0},    // of the same network
		{0, netip.MustParseAddr("2001:db8:0:1::"), 0}, // and of the next one
		{0, bob, 0}, {0, bob, 20 * time.Second},
		{19 * time.Second, ann, time.Second}, {0, ann, time.Second}, // a refused request costs nothing
		{time.Second, ann, 0}, {0, ann, 20 * time.Second},
		{time.Hour, ann, 0}, {0, ann, 0}, {0, ann, 0}, {0, ann, 20 * time.Second}, // no larger burst
	} {
		clock.Advance(step.after)
		if wait := l.Take(step.client); wait != step.wait {
			t.Errorf("step %d: wait %v, want %v", i, wait, step.wait)
		}
	}
	for range 10 {
		if wait := limits.NewLimiter(limits.Rate{}, clock.Now).Take(ann); wait != 0 {
			t.Errorf("without a limit: wait %v, want 0", wait)
		}
	}
}

func TestLimiterAtOnce(t *testing.T) {
	t.Parallel()
	clock := apptest.NewClock()
	l := limits.NewLimiter(limits.Rate{Count: 50, Per: time.Hour}, clock.Now)
	var passed atomic.Int64
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			if l.Take(netip.MustParseAddr("203.0.113.9")) == 0 {
				passed.Add(1)
			}
		})
	}
	group.Wait()
	if passed.Load() != 50 {
		t.Errorf("%d requests passed, want 50", passed.Load())
	}
}

// TestLimiterMemory takes requests from a million networks, and regularly from one of them. It checks that the heap
// grows little, and that the regular client is not forgotten.
func TestLimiterMemory(t *testing.T) { //nolint:paralleltest // it measures the heap
	clock := apptest.NewClock()
	l := limits.NewLimiter(limits.Rate{Count: 1, Per: time.Hour}, clock.Now)
	regular := netip.MustParseAddr("203.0.113.9")
	l.Take(regular)
	before := heap()
	for i := range uint64(1_000_000) {
		var address [16]byte
		binary.BigEndian.PutUint64(address[:], 0x2001_0db8<<32+i)
		if wait := l.Take(netip.AddrFrom16(address)); wait != 0 {
			t.Fatalf("client %d waits %v, want 0", i, wait)
		}
		if i%50_000 == 0 {
			clock.Advance(time.Hour)
			l.Take(regular)
		}
	}
	if grown := heap() - before; grown > 20<<20 {
		t.Errorf("the heap grew by %d bytes, want at most %d", grown, 20<<20)
	}
	if wait := l.Take(regular); wait == 0 {
		t.Error("the regular client waits 0, as if it was forgotten; want more")
	}
	runtime.KeepAlive(l)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
