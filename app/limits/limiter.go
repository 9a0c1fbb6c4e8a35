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
type Limiter struct {
	rate    Rate
	now     func() time.Time
	refused atomic.Int64

	mutex          sync.Mutex
	younger, older map[netip.Prefix]int64 // when the allowance is whole again: nanoseconds since 1970
}

// NewLimiter returns a Limiter to rate. now is its clock.
func NewLimiter(rate Rate, now func() time.Time) *Limiter {
	return &Limiter{rate: rate, now: now, younger: map[netip.Prefix]int64{}}
}

// Take uses up one time of the client's allowance and returns 0, or returns after how long there is one to use. A
// refused attempt costs nothing.
func (l *Limiter) Take(client netip.Addr) (wait time.Duration) {
	if l.rate.Count == 0 {
		return 0
	}
	network, now := Network(client), l.now().UnixNano()
	interval := int64(l.rate.Per) / int64(l.rate.Count)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	whole := max(l.recall(network), now)
	if early := whole + interval - now - int64(l.rate.Per); early > 0 {
		l.refused.Add(1)
		return time.Duration(early)
	}
	l.remember(network, whole+interval)
	return 0
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
