package secrets

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
)

// queue lets so many run at once, and a bounded number wait for that. It shares both between the networks from which
// they come: the networks take turns, and when it is full, the newest of the network with the most places makes way for
// one of a network with fewer. What a network does with many connections, it does to itself.
type queue struct {
	most int // places that wait

	mutex   sync.Mutex
	free    int // how many more may run now
	waiting int
	lines   []*line // of the networks that wait, in the order of their turns
}

// line is the places of a network that wait, in the order in which they came.
type line struct {
	network netip.Prefix
	places  []*Place
}

type placeState int

const (
	joined  placeState = iota // counts, but lets others pass
	ready                     // waits for its turn
	running                   // has its turn
	refused                   // had to make way
	left
)

// join takes a place at the end of the network's line, or fails with ErrBusy.
func (q *queue) join(p *Place, network netip.Prefix) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	l := q.line(network)
	if q.waiting >= q.most && !q.makeRoom(len(l.places)) {
		return fmt.Errorf("%w: %d of them, %d from the same network", ErrBusy, q.waiting, len(l.places))
	}
	p.line, p.turn = l, make(chan struct{})
	if l.places = append(l.places, p); len(l.places) == 1 {
		q.lines = append(q.lines, l)
	}
	q.waiting++
	return nil
}

// line returns the network's line, which is a new one if nobody waits there.
func (q *queue) line(network netip.Prefix) *line {
	for _, l := range q.lines {
		if l.network == network {
			return l
		}
	}
	return &line{network: network}
}

// makeRoom refuses the newest place of the longest line, if that line stays no shorter than one of so many places will
// be with one more. It reports whether it did.
func (q *queue) makeRoom(places int) bool {
	if len(q.lines) == 0 {
		return false
	}
	longest := slices.MaxFunc(q.lines, func(a, b *line) int { return len(a.places) - len(b.places) })
	if len(longest.places) < places+2 {
		return false
	}
	newest := longest.places[len(longest.places)-1]
	q.remove(newest)
	newest.end(refused)
	return true
}

// remove takes a place that waits out of its line.
func (q *queue) remove(p *Place) {
	i := slices.Index(p.line.places, p)
	p.line.places = slices.Delete(p.line.places, i, i+1)
	if len(p.line.places) == 0 {
		q.lines = slices.DeleteFunc(q.lines, func(l *line) bool { return l == p.line })
	}
	q.waiting--
}

// serve lets run as many as may, a network after the other.
func (q *queue) serve() {
	for q.free > 0 {
		p := q.next()
		if p == nil {
			return
		}
		l := p.line
		q.remove(p)
		if i := slices.Index(q.lines, l); i >= 0 {
			q.lines = append(slices.Delete(q.lines, i, i+1), l)
		}
		q.free--
		p.end(running)
	}
}

// next returns the place whose turn it is, or nil if none is ready.
func (q *queue) next() *Place {
	for _, l := range q.lines {
		for _, p := range l.places {
			if p.state == ready {
				return p
			}
		}
	}
	return nil
}

// wait returns when it is the place's turn, or fails with ErrBusy if the place has to make way, was left, or if ctx ends.
func (q *queue) wait(ctx context.Context, p *Place) error {
	q.mutex.Lock()
	if p.state == joined {
		p.state = ready
		q.serve()
	}
	q.mutex.Unlock()
	select {
	case <-p.turn:
	case <-ctx.Done():
		q.leave(p)
		return fmt.Errorf("%w: wait for a processor: %w", ErrBusy, ctx.Err())
	}
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if p.state != running {
		return fmt.Errorf("%w: others of the same network are before", ErrBusy)
	}
	return nil
}

// leave gives the place up, whatever has become of it.
func (q *queue) leave(p *Place) {
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
	}
}

// Place is a place among those who have a password hashed, to be used once. It must be left.
type Place struct {
	passwords *Passwords
	line      *line
	state     placeState
	turn      chan struct{} // closed when the wait is over
}

func (p *Place) end(state placeState) {
	p.state = state
	close(p.turn)
}

// Leave gives the place up. It may be called more than once.
func (p *Place) Leave() { p.passwords.queue.leave(p) }
