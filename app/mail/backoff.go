package mail

import (
	"errors"
	"time"
)

// How often a message is tried: 12 attempts, over about five hours.
const (
	maxAttempts = 12
	firstDelay  = 15 * time.Second
	maxDelay    = time.Hour
	jitter      = 0.2 // a delay is up to this part longer or shorter
)

// verdict is what becomes of a message after an attempt.
type verdict struct {
	state string
	delay time.Duration // of a Pending one, before the next attempt
}

// judge decides from what an attempt ended with. random, from [0, 1), keeps messages that failed together from coming
// back together.
func judge(err error, attempts int, random float64) verdict {
	switch {
	case err == nil:
		return verdict{state: Sent}
	case errors.Is(err, ErrDrop):
		return verdict{state: Dropped}
	case errors.Is(err, ErrRefused), attempts >= maxAttempts:
		return verdict{state: Failed}
	}
	return verdict{Pending, backoff(attempts, random)}
}

// backoff returns how long to wait after an attempt, the first of which is 1: twice as long each time.
func backoff(attempts int, random float64) time.Duration {
	delay := maxDelay
	if doublings := attempts - 1; doublings < 8 { // 2^8 times the first is more than the longest
		delay = firstDelay << doublings
	}
	return time.Duration(float64(delay) * (1 - jitter + 2*jitter*random))
}
