package utils

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestLazyDeadline compares the context with context.WithDeadline's, at every point at which the timer can start.
func TestLazyDeadline(t *testing.T) {
	t.Parallel()
	type key struct{}
	for name, act := range map[string]func(ctx context.Context, leave func()) error{
		"nothing": func(ctx context.Context, _ func()) error { return ctx.Err() },
		"time runs out": func(ctx context.Context, _ func()) error {
			<-ctx.Done()
			return ctx.Err()
		},
		"time has run out": func(ctx context.Context, _ func()) error {
			time.Sleep(2 * time.Minute)
			return ctx.Err()
		},
		"half the time": func(ctx context.Context, _ func()) error {
			time.Sleep(30 * time.Second)
			begin := time.Now()
			<-ctx.Done()
			if waited := time.Since(begin); waited != 30*time.Second {
				return errors.New("waited " + waited.String())
			}
			return ctx.Err()
		},
		"the client leaves": func(ctx context.Context, leave func()) error {
			leave()
			return ctx.Err()
		},
		"the client leaves a child": func(ctx context.Context, leave func()) error {
			child, cancel := context.WithCancel(context.WithValue(ctx, key{}, "child"))
			defer cancel()
			leave()
			return child.Err()
		},
		"time runs out for a child": func(ctx context.Context, _ func()) error {
			child, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			<-child.Done()
			return child.Err()
		},
		"the deadline": func(ctx context.Context, _ func()) error {
			at, ok := ctx.Deadline()
			if left := time.Until(at); !ok || left != time.Minute {
				return errors.New("left " + left.String())
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				try := func(wrap func(context.Context) (context.Context, func())) error {
					client, leave := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
					defer leave()
					ctx, stop := wrap(client)
					defer stop()
					for range 2 {
						if got := ctx.Value(key{}); got != "value" {
							t.Errorf("got the value %v, want that of the client", got)
						}
						if err := act(ctx, leave); err != nil {
							return err
						}
					}
					return nil
				}
				want := try(func(client context.Context) (context.Context, func()) {
					ctx, cancel := context.WithTimeout(client, time.Minute)
					return ctx, cancel
				})
				got := try(func(client context.Context) (context.Context, func()) {
					ctx := &lazyDeadline{Context: client, at: time.Now().Add(time.Minute)}
					return ctx, ctx.stop
				})
				if !errors.Is(got, want) {
					t.Errorf("got error %v, want %v", got, want)
				}
			})
		})
	}
}

// TestLazyDeadlineStartsOnce checks that the timer starts with the first wait, and ends with the request.
func TestLazyDeadlineStartsOnce(t *testing.T) {
	t.Parallel()
	ctx := &lazyDeadline{Context: t.Context(), at: time.Now().Add(time.Hour)}
	ctx.Value("any")
	ctx.stop()
	if ctx.timed != nil {
		t.Error("a request that waits for nothing has a timer, want none")
	}
	first := ctx.Done()
	if second := ctx.Done(); second != first {
		t.Error("got another channel for the second wait, want the same")
	}
	ctx.stop()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("after the request: got %v, want %v", err, context.Canceled)
	}
}
