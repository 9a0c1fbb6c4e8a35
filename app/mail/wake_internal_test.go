package mail

import "testing"

// TestWakeLeavesATokenForEachLane checks that Wake leaves one token for each lane, which a busy worker finds later, and
// never waits for a worker.
func TestWakeLeavesATokenForEachLane(t *testing.T) {
	t.Parallel()
	o := NewOutbox()
	o.Wake()
	o.Wake()
	for _, l := range lanes {
		if got := len(o.wake[l]); got != 1 {
			t.Errorf("lane %t: got %d tokens, want 1", l, got)
		}
	}
}
