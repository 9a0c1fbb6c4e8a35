package mail

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestLeaseOutlastsSending(t *testing.T) {
	t.Parallel()
	if leaseDuration < 2*(sendTimeout+markTimeout) {
		t.Errorf("the lease is %v, want twice %v for sending and %v for marking", leaseDuration, sendTimeout, markTimeout)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{
		1: 15 * time.Second, 2: 30 * time.Second, 8: 32 * time.Minute, 9: time.Hour, 10: time.Hour, 1000: time.Hour,
	} {
		if got := backoff(attempts, 0.5); got != want {
			t.Errorf("after %d attempts: got %v, want %v", attempts, got, want)
		}
		if least, most := backoff(attempts, 0), backoff(attempts, 0.999); least != want*4/5 || most <= want*11/10 ||
			most > want*6/5 {
			t.Errorf("after %d attempts: got %v to %v, want %v to between %v and %v", attempts, least, most, want*4/5,
				want*11/10, want*6/5)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err      error
		attempts int
		want     string
	}{
		"sent":                 {nil, 1, Sent},
		"sent at last":         {nil, maxAttempts, Sent},
		"nothing to send":      {fmt.Errorf("compose: %w", ErrDrop), 1, Dropped},
		"refused":              {fmt.Errorf("%w: 550", ErrRefused), 1, Failed},
		"failed":               {errors.New("451"), maxAttempts - 1, Pending},
		"failed once too much": {errors.New("451"), maxAttempts, Failed},
	} {
		if got := judge(test.err, test.attempts, 0); got.state != test.want || (got.delay > 0) != (test.want == Pending) {
			t.Errorf("%s: got the state %s and a delay of %v, want %s and a delay only for %s", name, got.state, got.delay,
				test.want, Pending)
		}
	}
}
