package limits_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"guestlist/app/limits"
)

// about returns what is known about ann, a line for each network.
func (l logins) about(t *testing.T, clients ...netip.Addr) (lines []string) {
	t.Helper()
	known, err := limits.About(t.Context(), l.db, ann, clients)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range known {
		line := fmt.Sprintf("%s: %d failures", k.Network, k.Failures)
		if k.OpenAt != nil {
			line += fmt.Sprintf(", open in %v", k.OpenAt.Sub(l.clock.Now()))
		}
		if k.KnownUntil != nil {
			line += fmt.Sprintf(", known for %v", k.KnownUntil.Sub(l.clock.Now()))
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func TestAboutAndForget(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	expect := func(when string, clients []netip.Addr, want ...string) {
		t.Helper()
		if got := l.about(t, clients...); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
	}
	both := []netip.Addr{home, abroad}
	expect("before", both)
	for range 5 {
		l.fail(t, ann, abroad)
	}
	l.fail(t, "bob@example.org", abroad)
	expect("after failures", both, "198.51.100.7/32: 5 failures, open in 1s", "all: 5 failures")
	l.signIn(t, ann, home)
	expect("after a success", both, "198.51.100.7/32: 5 failures, open in 1s",
		"203.0.113.9/32: 0 failures, known for 720h0m0s", "all: 5 failures")
	expect("of home", []netip.Addr{home}, "203.0.113.9/32: 0 failures, known for 720h0m0s", "all: 5 failures")
	if err := limits.Forget(t.Context(), l.db, ann, []netip.Addr{home}); err != nil {
		t.Fatal(err)
	}
	expect("home is forgotten", both, "198.51.100.7/32: 5 failures, open in 1s")
	if got := l.rows(t); got != 3 { // one for ann abroad, and two for bob
		t.Errorf("rows: got %d, want 3", got)
	}
}

// TestKnownNetworkLeavesOverallCount checks that attempts from a network where the account is known leave the count
// over all networks unchanged: they are not added to it, so a success subtracts nothing from it.
func TestKnownNetworkLeavesOverallCount(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	l.signIn(t, ann, home)
	l.fail(t, ann, abroad)
	for range 2 {
		l.signIn(t, ann, home)
		l.fail(t, ann, home)
	}
	want := []string{"198.51.100.7/32: 1 failures", "203.0.113.9/32: 1 failures, known for 720h0m0s", "all: 1 failures"}
	if got := l.about(t, home, abroad); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAttemptDelays fails until the account has used up its free failures, from one network or over all networks. From
// then on, the delay doubles.
func TestAttemptDelays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		client func(i int) netip.Addr
		free   int
	}{
		"one network":  {func(int) netip.Addr { return home }, 5},
		"new networks": {func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLogins(t)
			var delays []time.Duration
			for i := range test.free + 3 {
				attempt, err := l.Begin(t.Context(), ann, test.client(i))
				if err != nil {
					t.Fatal(err)
				}
				delays = append(delays, attempt.Delay)
				attempt.Release()
				l.clock.Advance(attempt.Delay)
			}
			want := append(make([]time.Duration, test.free-1), time.Second, 2*time.Second, 4*time.Second, 8*time.Second)
			if !slices.Equal(delays, want) {
				t.Errorf("got %v, want %v", delays, want)
			}
		})
	}
}

// TestWithdrawGivesThePlaceBack withdraws more attempts, one after the other, than may be under way at the same time.
func TestWithdrawGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for i := range 9 {
		attempt, err := l.Begin(t.Context(), ann, home)
		if err != nil {
			t.Fatalf("attempt %d: %v", i+1, err)
		}
		if err := attempt.Withdraw(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := l.about(t, home), []string{"203.0.113.9/32: 0 failures", "all: 0 failures"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
