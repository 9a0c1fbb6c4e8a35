package mail

import (
	"errors"
	"time"
)

// Retry limits: 12 attempts over about five hours.
const (
	maxAttempts = 12
	firstDelay  = 15 * time.Second
	maxDelay    = time.Hour
	jitter      = 0.2 // the fraction by which a delay may be longer or shorter
)

// verdict is the state of a message after an attempt.
type verdict struct {
	state string
	delay time.Duration // if Pending: until the next attempt
}

// judge decides the state from the error of an attempt. random, in [0, 1), spreads the retries of messages that failed
// together.
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

// backoff returns the delay after the given number of attempts; it doubles each time up to maxDelay.
func backoff(attempts int, random float64) time.Duration {
	delay := maxDelay
	if doublings := attempts - 1; doublings < 8 { // firstDelay << 8 exceeds maxDelay
		delay = firstDelay << doublings
	}
	return time.Duration(float64(delay) * (1 - jitter + 2*jitter*random))
}
