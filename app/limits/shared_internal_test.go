package limits

import (
	"testing"
	"time"
)

func TestSharedDefaults(t *testing.T) {
	t.Parallel()
	shared, err := NewShared("redis://localhost", SharedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	options := shared.options
	if options.Timeout != sharedTimeout {
		t.Errorf("timeout: got %v, want %v", options.Timeout, sharedTimeout)
	}
	if options.Log == nil {
		t.Error("log: got nil, want one that discards")
	}
	if options.Now == nil || time.Since(options.Now()).Abs() > time.Minute {
		t.Error("now: want the system's clock")
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Second, 6: 2 * time.Second, 7: 4 * time.Second, 14: 512 * time.Second,
		15: 15 * time.Minute, 16: 15 * time.Minute, 1 << 30: 15 * time.Minute,
	} {
		if got := delay(failures, 5); got != want {
			t.Errorf("after %d failures of which 5 are free: got %v, want %v", failures, got, want)
		}
	}
}
