package mail

import "testing"

// TestWakeLeavesATokenForEachLane: a worker that is busy finds it when it comes back, and Wake never waits for one.
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
