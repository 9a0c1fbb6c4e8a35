package turns

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// networkOf returns the network with the number n.
func networkOf(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), 32)
}

// most is the maximum number of waiting places in these tests.
const most = 64

// crowd is a Queue with waiting places, each in its own goroutine of a synctest bubble.
type crowd struct {
	*Queue
	places []*Place
	names  map[*Place]string
	served []string // in the order in which they got their turns
	busy   []string // the refused ones
}

func newCrowd(processors int) *crowd {
	return &crowd{Queue: NewQueue(processors, most), names: map[*Place]string{}}
}

// come joins from the network and waits in a goroutine. It reports whether it got a place.
func (c *crowd) come(t *testing.T, name string, network int) bool {
	t.Helper()
	return c.comeFrom(t, name, networkOf(network))
}

func (c *crowd) comeFrom(t *testing.T, name string, network netip.Prefix) bool {
	t.Helper()
	p, err := c.Join(network)
	if errors.Is(err, ErrBusy) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	c.places, c.names[p] = append(c.places, p), name
	go func() {
		err := p.Wait(t.Context())
		c.mutex.Lock()
		defer c.mutex.Unlock()
		if err != nil {
			c.busy = append(c.busy, name)
			return
		}
		c.served = append(c.served, name)
	}()
	synctest.Wait()
	return true
}

// finish ends running places, one after the other, until none are left.
func (c *crowd) finish() {
	for {
		i := slices.IndexFunc(c.places, func(p *Place) bool { return p.state == running })
		if i < 0 {
			return
		}
		c.places[i].Leave()
		c.places[i].Leave() // must have no effect
		synctest.Wait()
	}
}

// TestQueueTakesTurns joins many places from one network, and then a few from others. It checks that the networks take
// turns.
func TestQueueTakesTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		for i := range 6 {
			c.come(t, fmt.Sprint("a", i), 1)
		}
		for i := range 2 {
			c.come(t, fmt.Sprint("b", i), 2)
		}
		c.come(t, "c0", 3)
		c.finish()
		if got, want := strings.Join(c.served, " "), "a0 a1 b0 c0 a2 b1 a3 a4 a5"; got != want {
			t.Errorf("served %s, want %s", got, want)
		}
		if c.waiting != 0 || len(c.lines) != 0 || c.free != 1 {
			t.Errorf("at the end, %d wait in %d lines, and %d are free; want 0, 0 and 1", c.waiting, len(c.lines), c.free)
		}
	})
}

// TestQueueMakesWay fills the queue from one network. It checks that later networks get places until all have the same
// share.
func TestQueueMakesWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		flood := 0
		for ; c.come(t, fmt.Sprint("a", flood), 1); flood++ {
		}
		if flood != 1+most {
			t.Errorf("%d from one network got a place, want one that runs and %d that wait", flood, most)
		}
		for network := 2; network <= 4; network++ {
			in := 0
			for ; c.come(t, fmt.Sprint(network, "-", in), network); in++ {
			}
			if want := most / network; in < want-1 || in > want {
				t.Errorf("the network that comes as the %dth gets %d places, want %d or one less", network, in, want)
			}
		}
		if !slices.Contains(c.busy, fmt.Sprint("a", flood-1)) || slices.Contains(c.busy, "a1") {
			t.Errorf("refused %v, want the newest, a%d, and not the oldest, a1", c.busy, flood-1)
		}
		if c.waiting != most {
			t.Errorf("%d wait, want %d", c.waiting, most)
		}
		shares := map[netip.Prefix]int{}
		for _, l := range c.lines {
			shares[l.network] = len(l.places)
		}
		for network, share := range shares {
			if share < most/4-1 || share > most/4+1 {
				t.Errorf("%s has %d places of %d, want a quarter: %v", network, share, most, shares)
			}
		}
		c.finish()
		if len(c.served)+len(c.busy) != len(c.places) {
			t.Errorf("%d were served and %d refused, want %d together", len(c.served), len(c.busy), len(c.places))
		}
	})
}

// TestQueueSharesBetweenSites fills the queue from many networks of one site. It checks that other sites get places and
// take turns with the whole site, and that the networks of a site take turns with each other.
func TestQueueSharesBetweenSites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		join := func(name, network string) bool { return c.comeFrom(t, name, netip.MustParsePrefix(network)) }
		for i := range 1 + most {
			join(fmt.Sprint("a", i), fmt.Sprintf("2001:db8:1:%x::/64", i))
		}
		for _, who := range [][2]string{
			{"b0", "10.0.0.1/32"}, {"c0", "2001:db8:2:1::/64"}, {"b1", "10.0.0.1/32"}, {"c1", "2001:db8:2:2::/64"},
		} {
			if !join(who[0], who[1]) {
				t.Errorf("%s is refused, want it to get a place", who[0])
			}
		}
		if c.waiting != most || len(c.busy) != 4 {
			t.Errorf("%d wait and %v are refused, want %d and 4", c.waiting, c.busy, most)
		}
		if join("a-again", "2001:db8:1:1::/64") {
			t.Error("the flooding site gets another place, want it to be refused")
		}
		c.finish()
		if got, want := strings.Join(c.served[:8], " "), "a0 a1 b0 c0 a2 b1 c1 a3"; got != want {
			t.Errorf("served %s, want %s", got, want)
		}
	})
}

// TestQueueSharesWithinASite fills the queue from one network of a shared site. It checks that another network of the
// site gets a place.
func TestQueueSharesWithinASite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		join := func(name, network string) bool { return c.comeFrom(t, name, netip.MustParsePrefix(network)) }
		for i := range 1 + most {
			join(fmt.Sprint("a", i), "2001:db8:1:1::/64")
		}
		if !join("b0", "2001:db8:1:2::/64") {
			t.Error("the other network is refused, want it to get a place")
		}
		if join("a-again", "2001:db8:1:1::/64") {
			t.Error("the flooding network gets another place, want it to be refused")
		}
		c.finish()
		if got, want := strings.Join(c.served[:4], " "), "a0 a1 b0 a2"; got != want {
			t.Errorf("served %s, want %s", got, want)
		}
	})
}

// TestQueueIsBounded joins a place from each of a thousand networks. It checks that only as many as the maximum wait.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(2)
		in := 0
		for network := range 1000 {
			if c.come(t, fmt.Sprint(network), network) {
				in++
			}
		}
		if in != 2+most || c.waiting != most || len(c.lines) != most {
			t.Errorf("%d got places, %d wait in %d lines; want %d, %d and %[5]d", in, c.waiting, len(c.lines), 2+most, most)
		}
		c.finish()
		if len(c.served) != in || len(c.busy) != 0 {
			t.Errorf("%d were served and %v refused, want %d and none", len(c.served), c.busy, in)
		}
	})
}

// TestQueuePassesUnreadyPlaces checks that a place that does not wait yet is passed over.
func TestQueuePassesUnreadyPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		idle, err := c.Join(networkOf(1))
		if err != nil {
			t.Fatal(err)
		}
		c.come(t, "a", 1)
		if !slices.Equal(c.served, []string{"a"}) {
			t.Errorf("served %v, want a: a place that does not wait yet must not run", c.served)
		}
		c.finish()
		if err := idle.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		idle.Leave()
		if err := idle.Wait(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("waiting in a place that was left: got %v, want ErrBusy", err)
		}
	})
}

// TestQueueForgetsGivenUpPlaces cancels a wait before its turn. It checks that the places after it are served.
func TestQueueForgetsGivenUpPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1)
		c.come(t, "a", 1)
		ctx, cancel := context.WithCancel(t.Context())
		p, err := c.Join(networkOf(2))
		if err != nil {
			t.Fatal(err)
		}
		failed := make(chan error, 1)
		go func() { failed <- p.Wait(ctx) }()
		c.come(t, "b", 2)
		cancel()
		if err := <-failed; !errors.Is(err, ErrBusy) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want ErrBusy and context.Canceled", err)
		}
		c.finish()
		if !slices.Equal(c.served, []string{"a", "b"}) || c.free != 1 || c.waiting != 0 {
			t.Errorf("served %v, %d free, %d wait; want [a b], 1 and 0", c.served, c.free, c.waiting)
		}
	})
}

// BenchmarkQueue measures a turn in an empty queue. The yardstick is two channels without fairness.
func BenchmarkQueue(b *testing.B) {
	queue := NewQueue(2, most)
	admitted, running := make(chan struct{}, most), make(chan struct{}, 2)
	b.Run("queue", func(b *testing.B) {
		for b.Loop() {
			leave, err := queue.Enter(b.Context(), networkOf(1))
			if err != nil {
				b.Fatal(err)
			}
			leave()
		}
	})
	b.Run("yardstick", func(b *testing.B) {
		for b.Loop() {
			admitted <- struct{}{}
			running <- struct{}{}
			<-running
			<-admitted
		}
	})
}
