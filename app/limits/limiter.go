package limits

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// maxNetworks is how many networks a generation of a Limiter remembers, at some 60 bytes each.
const maxNetworks = 1 << 16

// Limiter holds every client network to a rate, by the generic cell rate algorithm: of a network it remembers only when
// its allowance will be whole again. The memory is bounded: there are two generations of networks, and when the younger
// is full, the older goes; so that those are forgotten that have not come for the longest time. It is safe for
// concurrent use.
//
// With a server that counts for all instances, what it remembers of a network is what the server last said. That is
// never too much, so that the server is not asked about those who have to wait anyway, and it is what goes on counting
// while the server is away.
type Limiter struct {
	rate    Rate
	now     func() time.Time
	refused atomic.Int64
	counter *counter // nil: this instance counts for itself

	mutex          sync.Mutex
	younger, older map[netip.Prefix]int64 // when the allowance is whole again: nanoseconds since 1970
}

// NewLimiter returns a Limiter to rate. now is its clock.
func NewLimiter(rate Rate, now func() time.Time) *Limiter {
	return &Limiter{rate: rate, now: now, younger: map[netip.Prefix]int64{}}
}

// Share makes the limiter count together with those of all instances that have the same name and key, which keeps
// others from reading addresses in the server. It must be called before Take.
func (l *Limiter) Share(shared *Shared, name string, key []byte) {
	l.counter = &counter{shared, name, key}
}

// Take uses up one time of the client's allowance and returns 0, or returns after how long there is one to use. A
// refused attempt costs nothing.
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
		return l.takeHere(network, now)
	}
	if wait := l.early(network, now); wait > 0 {
		return wait
	}
	wait, left, ok := l.counter.shared.take(l.counter.keyOf(network), l.rate, now)
	if !ok {
		return l.takeHere(network, now)
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.remember(network, max(l.recall(network), now.Add(left).UnixNano()))
	return wait
}

// takeHere is take by what this instance remembers alone.
func (l *Limiter) takeHere(network netip.Prefix, now time.Time) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	whole := max(l.recall(network), now.UnixNano()) + int64(l.rate.interval())
	if early := whole - now.UnixNano() - int64(l.rate.Per); early > 0 {
		return time.Duration(early)
	}
	l.remember(network, whole)
	return 0
}

// early returns how long a network has to wait at least, by what this instance remembers; 0 or less for not at all.
func (l *Limiter) early(network netip.Prefix, now time.Time) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return time.Duration(l.recall(network)-now.UnixNano()) + l.rate.interval() - l.rate.Per
}

// Refused is the number of attempts refused so far.
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
