package limits

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// maxNetworks is how many networks a generation of a Limiter holds, at some 60 bytes each.
const maxNetworks = 1 << 16

// Limiter limits every client network to a rate, by the generic cell rate algorithm: it stores for each network only
// when its allowance will be full again. Its memory is bounded: there are two generations of networks, and when the
// younger is full, the older is dropped, which forgets the least recent networks. It is safe for concurrent use.
//
// With a Shared server, it stores what the server last returned for a network. That never exceeds the server's count,
// so the server is not asked about networks that have to wait anyway, and while the server is down, the instance counts
// on from there.
type Limiter struct {
	rate    Rate
	now     func() time.Time
	refused atomic.Int64
	counter *counter // nil: this instance counts alone

	mutex          sync.Mutex
	younger, older map[netip.Prefix]int64 // when the allowance is full again: nanoseconds since 1970
}

// NewLimiter returns a Limiter with the rate. now is its clock.
func NewLimiter(rate Rate, now func() time.Time) *Limiter {
	return &Limiter{rate: rate, now: now, younger: map[netip.Prefix]int64{}}
}

// Share makes the limiters of all instances with the same name and key count together. The key hides client addresses
// from readers of the server. Share must be called before Take.
func (l *Limiter) Share(shared *Shared, name string, key []byte) {
	l.counter = &counter{shared, name, key}
}

// Take consumes one request from the client's allowance and returns 0, or returns how long to wait. A refused request
// consumes nothing.
func (l *Limiter) Take(client netip.Addr) (wait time.Duration) {
	if l.rate.Count == 0 {
		return 0
	}
	wait = l.take(Network(client), l.now())
	if wait > 0 {
		l.refused.Add(1)
	}
	return wait
}

func (l *Limiter) take(network netip.Prefix, now time.Time) time.Duration {
	if l.counter == nil {
		return l.takeLocal(network, now)
	}
	if wait := l.localWait(network, now); wait > 0 {
		return wait
	}
	wait, left, ok := l.counter.shared.take(l.counter.keyOf(network), l.rate, now)
	if !ok {
		return l.takeLocal(network, now)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.remember(network, max(l.recall(network), now.Add(left).UnixNano()))
	return wait
}

// takeLocal is take with this instance's own count.
func (l *Limiter) takeLocal(network netip.Prefix, now time.Time) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	whole := max(l.recall(network), now.UnixNano()) + int64(l.rate.interval())
	if early := whole - now.UnixNano() - int64(l.rate.Per); early > 0 {
		return time.Duration(early)
	}
	l.remember(network, whole)
	return 0
}

// localWait returns how long a network has to wait by this instance's own count; 0 or less: not at all.
func (l *Limiter) localWait(network netip.Prefix, now time.Time) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return time.Duration(l.recall(network)-now.UnixNano()) + l.rate.interval() - l.rate.Per
}

// Refused returns the number of requests refused so far.
func (l *Limiter) Refused() int64 { return l.refused.Load() }

func (l *Limiter) recall(network netip.Prefix) int64 {
	if whole, ok := l.younger[network]; ok {
		return whole
	}
	return l.older[network]
}

func (l *Limiter) remember(network netip.Prefix, whole int64) {
	if len(l.younger) >= maxNetworks {
		l.younger, l.older = map[netip.Prefix]int64{}, l.younger
	}
	l.younger[network] = whole
}
