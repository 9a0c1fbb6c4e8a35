package logging_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app/logging"
)

// alarm is a timer that goes off when a test calls ring.
type alarm struct {
	times []time.Duration
	calls []func()
}

func (a *alarm) after(wait time.Duration, call func()) {
	a.times, a.calls = append(a.times, wait), append(a.calls, call)
}

func (a *alarm) ring() {
	calls := a.calls
	a.calls = nil
	for _, call := range calls {
		call()
	}
}

// lines has the lines that a log has written, and counts the writes.
type lines struct {
	bytes.Buffer

	writes int
}

func (l *lines) Write(p []byte) (int, error) {
	l.writes++
	return l.Buffer.Write(p)
}

func (l *lines) check(t *testing.T, when string, lines, writes int) {
	t.Helper()
	if got := strings.Count(l.String(), "\n"); got != lines || l.writes != writes {
		t.Errorf("%s: got %d lines in %d writes, want %d in %d", when, got, l.writes, lines, writes)
	}
}

func TestBuffer(t *testing.T) {
	t.Parallel()
	var out lines
	var alarm alarm
	buffer := logging.NewBuffer(&out, alarm.after)
	log := logging.New(buffer, logging.Options{})
	log.Info("alone")
	out.check(t, "alone", 1, 1)
	alarm.ring()
	if len(alarm.calls) > 0 {
		t.Error("the alarm is set again without a new line")
	}
	log.Info("first")
	log.Info("second")
	log.With("a", 1).WithGroup("b").Info("third", "c", 2)
	out.check(t, "in a burst", 2, 2)
	alarm.ring()
	out.check(t, "after a tenth of a second", 4, 3)
	log.Info("goes on")
	out.check(t, "while the burst goes on", 4, 3)
	buffer.Flush()
	out.check(t, "flushed", 5, 4)
	log.Info("before")
	log.With("a", 1).Warn("urgent")
	out.check(t, "warned", 7, 5)
	log.Info("before")
	log.WithGroup("a").Error("urgent")
	out.check(t, "failed", 9, 6)
	log.Info("last")
	buffer.Close()
	out.check(t, "closed", 10, 7)
	log.Info("afterwards")
	out.check(t, "afterwards", 11, 8)
	alarm.ring()
	out.check(t, "at the end", 11, 8)
	for _, wait := range alarm.times {
		if wait > time.Second/10 {
			t.Errorf("lines wait for %v, want at most a tenth of a second", wait)
		}
	}
}

func TestBufferHoldsSoMuch(t *testing.T) {
	t.Parallel()
	var out lines
	log := logging.New(logging.NewBuffer(&out, new(alarm).after), logging.Options{})
	for range 100 {
		log.Info(strings.Repeat("x", 1000))
	}
	if held := 100*1000 - out.Len(); held > 64<<10 || out.writes > 10 {
		t.Errorf("%d bytes are held after %d writes, want at most %d and 10", held, out.writes, 64<<10)
	}
}

// TestBufferConcurrently checks that no line is lost, doubled or cut when goroutines write at the same time.
func TestBufferConcurrently(t *testing.T) {
	t.Parallel()
	var out lines
	buffer := logging.NewBuffer(&out, func(_ time.Duration, call func()) { go call() })
	log := slog.New(slog.NewTextHandler(buffer, nil))
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() {
			for k := range 100 {
				log.Info(fmt.Sprintf("line-%d-%d-", i, k))
			}
		})
	}
	group.Wait()
	buffer.Close()
	text := out.String()
	for i := range 10 {
		for k := range 100 {
			if n := strings.Count(text, fmt.Sprintf("line-%d-%d-\n", i, k)); n != 1 {
				t.Fatalf("line %d of goroutine %d was written %d times, want once", k, i, n)
			}
		}
	}
}
