package limits

import (
	"context"
	"errors"
	"testing"

	"guestlist/app/utils"
)

// TestQueueForgetsKeys checks that a queue holds a key only while a caller with it is inside or waiting, so that it
// does not grow with the number of accounts.
func TestQueueForgetsKeys(t *testing.T) {
	t.Parallel()
	q := newQueue(1)
	leave, err := q.enter(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.enter(ended, "key"); !errors.Is(err, utils.ErrBusy) {
		t.Errorf("while another is inside: got %v, want %v", err, utils.ErrBusy)
	}
	if got := len(q.lines); got != 1 {
		t.Errorf("while one is inside: got %d keys, want 1", got)
	}
	leave()
	if got := len(q.lines); got != 0 {
		t.Errorf("after all have left: got %d keys, want 0", got)
	}
}
