// Package turns shares a scarce resource, such as processors, fairly between client networks: one that sends as many
// requests as it can does not starve the others.
package turns

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// ErrBusy is returned when there is no place in the queue.
var ErrBusy = errors.New("too many wait")

// Queue lets a fixed number of callers run at once, and a bounded number wait. Networks share both: they take turns,
// and when all places are taken, the newest place of the network with the most is given to a network with fewer. A
// network with many connections delays only itself. The networks of a site (see siteBits) together count as one, and
// share its part in the same way. A Queue is safe for concurrent use.
type Queue struct {
	maxRunning, maxWaiting int // numbers of places

	mutex   sync.Mutex
	free    int // how many more can run now
	waiting int
	lines   []*line // of the waiting networks, in the order of their turns
	history history
}

// NewQueue returns a Queue in which up to running places run, and up to waiting places wait.
func NewQueue(running, waiting int) *Queue {
	return &Queue{maxRunning: running, maxWaiting: waiting, free: running}
}

// line is the waiting places of a network, in order of arrival.
type line struct {
	network, site netip.Prefix
	places        []*Place
}

// siteBits is the prefix length of a site: by RFC 6177 a subscriber gets a /48 or somewhat less, and so thousands of
// /64 networks.
const siteBits = 48

// siteOf returns the prefix of the network's subscriber; an IPv4 address is its own.
func siteOf(network netip.Prefix) netip.Prefix {
	if network.Addr().Is6() && network.Bits() > siteBits {
		return netip.PrefixFrom(network.Addr(), siteBits).Masked()
	}
	return network
}

type placeState int

const (
	joined  placeState = iota // counts as waiting, but lets others pass
	ready                     // waits for its turn
	running                   // has its turn
	refused                   // was given to another network
	left
)

// Join takes a place at the end of the network's line, or fails with ErrBusy. The zero Prefix is for callers without a
// network. Until Wait is called, the place counts as waiting but lets others pass. The caller must call Leave.
func (q *Queue) Join(network netip.Prefix) (*Place, error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l := q.line(network)
	if q.waiting >= q.maxWaiting && !q.makeRoom(l) {
		q.history.Full++
		return nil, fmt.Errorf("%w: %d of them, %d from the same network", ErrBusy, q.waiting, len(l.places))
	}
	p := &Place{queue: q, line: l, turn: make(chan struct{})}
	if l.places = append(l.places, p); len(l.places) == 1 {
		q.lines = append(q.lines, l)
	}
	q.waiting++
	return p, nil
}

// Enter joins and waits for a turn, which the returned function ends. It fails with ErrBusy.
func (q *Queue) Enter(ctx context.Context, network netip.Prefix) (leave func(), err error) {
	p, err := q.Join(network)
	if err != nil {
		return nil, err
	}
	if err := p.Wait(ctx); err != nil {
		return nil, err
	}
	return p.Leave, nil
}

// line returns the network's line, or a new one if the network has none.
func (q *Queue) line(network netip.Prefix) *line {
	for _, l := range q.lines {
		if l.network == network {
			return l
		}
	}
	return &line{network: network, site: siteOf(network)}
}

// makeRoom refuses the newest place of the longest line of the site with the most places, if that site keeps at least
// as many as the site of l will have with one more. Otherwise it refuses the newest place of the longest line of l's
// own site, if that line stays at least as long as l will be. It reports whether it refused a place.
func (q *Queue) makeRoom(l *line) bool {
	sites := map[netip.Prefix]int{}
	for _, other := range q.lines {
		sites[other.site] += len(other.places)
	}
	longest := q.longest(func(a, b *line) int {
		return cmp.Or(sites[a.site]-sites[b.site], len(a.places)-len(b.places))
	})
	if longest == nil || sites[longest.site] < sites[l.site]+2 {
		longest = q.longest(func(a, b *line) int {
			return cmp.Or(same(a.site, l.site)-same(b.site, l.site), len(a.places)-len(b.places))
		})
		if longest == nil || longest.site != l.site || len(longest.places) < len(l.places)+2 {
			return false
		}
	}
	newest := longest.places[len(longest.places)-1]
	q.remove(newest)
	newest.end(refused)
	q.history.Displaced++
	return true
}

// longest returns the greatest line by compare (of equal lines, the one whose turn comes last), or nil if there are no
// lines.
func (q *Queue) longest(compare func(a, b *line) int) (longest *line) {
	for _, l := range q.lines {
		if longest == nil || compare(l, longest) >= 0 {
			longest = l
		}
	}
	return longest
}

func same(a, b netip.Prefix) int {
	if a == b {
		return 1
	}
	return 0
}

// remove removes a waiting place from its line.
func (q *Queue) remove(p *Place) {
	i := slices.Index(p.line.places, p)
	p.line.places = slices.Delete(p.line.places, i, i+1)
	if len(p.line.places) == 0 {
		q.lines = slices.DeleteFunc(q.lines, func(l *line) bool { return l == p.line })
	}
	q.waiting--
}

// serve starts as many ready places as can run, one network after the other.
func (q *Queue) serve() {
	for q.free > 0 {
		p := q.next()
		if p == nil {
			return
		}
		l := p.line
		q.remove(p)
		// Other sites come first, then other networks of this site, then this network.
		slices.SortStableFunc(q.lines, func(a, b *line) int {
			return cmp.Or(same(a.site, l.site)-same(b.site, l.site), same(a.network, l.network)-same(b.network, l.network))
		})
		q.free--
		p.end(running)
	}
}

// next returns the place whose turn it is, or nil if none is ready.
func (q *Queue) next() *Place {
	for _, l := range q.lines {
		for _, p := range l.places {
			if p.state == ready {
				return p
			}
		}
	}
	return nil
}

// Place is a place in a Queue, for one turn.
type Place struct {
	queue *Queue
	line  *line
	state placeState
	turn  chan struct{} // closed when the wait is over
}

func (p *Place) end(state placeState) {
	p.state = state
	close(p.turn)
}

// Wait returns when it is the place's turn. It fails with ErrBusy if the place was given to another network, was left,
// or if ctx ends; it then leaves the place.
func (p *Place) Wait(ctx context.Context) error {
	q, begin := p.queue, time.Now()
	q.mutex.Lock()
	if p.state == joined {
		p.state = ready
		q.serve()
	}
	q.mutex.Unlock()
	select {
	case <-p.turn:
	case <-ctx.Done():
		p.Leave()
		q.gaveUp()
		return fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if p.state != running {
		return fmt.Errorf("%w: others of the same network came before", ErrBusy)
	}
	q.history.Turns++
	q.history.Waited += time.Since(begin)
	return nil
}

// Leave gives up the place, whatever its state. It may be called more than once.
func (p *Place) Leave() {
	q := p.queue
	q.mutex.Lock()
	defer q.mutex.Unlock()
	switch p.state {
	case joined, ready:
		q.remove(p)
		p.end(left)
	case running:
		p.state = left
		q.free++
		q.serve()
	case refused, left:
	}
}
