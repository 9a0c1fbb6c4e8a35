package limits_test

import (
	"net/netip"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/limits"
)

// TestSharedRemembersWaits deletes all keys of the server. It checks that an instance remembers how long a network must
// wait, and does not ask the server again before.
func TestSharedRemembersWaits(t *testing.T) {
	t.Parallel()
	server, clock := apptest.StartRedis(t), apptest.NewClock()
	i := newInstance(t, server.URL(), limits.Rate{Count: 2, Per: time.Hour}, clock, patient)
	client := netip.MustParseAddr("203.0.113.9")
	for n, want := range []time.Duration{0, 0, 30 * time.Minute} {
		if got := i.Take(client); got != want {
			t.Errorf("attempt %d: wait %v, want %v", n+1, got, want)
		}
	}
	if _, err := dial(t, server).Do("FLUSHALL"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(29 * time.Minute)
	if got := i.Take(client); got != time.Minute {
		t.Errorf("a minute too early: wait %v, want %v", got, time.Minute)
	}
	clock.Advance(time.Minute)
	if got := i.Take(client); got != 0 {
		t.Errorf("after the wait: wait %v, want 0", got)
	}
}
