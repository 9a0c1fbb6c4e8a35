package mail_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// tried sets the number of attempts at the messages in the outbox.
func tried(t *testing.T, a *apptest.App, attempts int) {
	t.Helper()
	if err := a.DB.Model(&mail.Message{}).Where("1 = 1").UpdateColumn("attempts", attempts).Error; err != nil {
		t.Fatal(err)
	}
}

// attempt is the key of the context of an observed attempt.
type attempt struct{}

// observer is a mail.Observer that keeps what it is passed.
type observer struct{ begun, ended []string }

// BeginAttempt implements mail.Observer.
func (o *observer) BeginAttempt(ctx context.Context, m mail.Message) (context.Context, func(string, error)) {
	o.begun = append(o.begun, fmt.Sprintf("%s %d", m.Kind, m.Attempts))
	return context.WithValue(ctx, attempt{}, true), func(state string, err error) {
		o.ended = append(o.ended, fmt.Sprintf("%s %v", state, err))
	}
}

// TestObserver checks what an observer is passed for each way in which an attempt can end, and that the attempt uses
// the context that it returned.
func TestObserver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		composing, sending error
		attempts           int // before this one
		begun, ended       string
	}{
		"sent":     {begun: "note 1", ended: "sent <nil>"},
		"to retry": {sending: errors.New("away"), attempts: 1, begun: "note 2", ended: "pending away"},
		"the last": {sending: errors.New("away"), attempts: 11, begun: "note 12", ended: "failed away"},
		"dropped":  {composing: mail.ErrDrop, begun: "note 1", ended: "dropped compose: nothing to send"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			check := func(ctx context.Context, err error) error {
				if ctx.Value(attempt{}) == nil {
					t.Error("got another context, want that of the observer")
				}
				return err
			}
			outbox, seen := mail.NewOutbox(), &observer{}
			outbox.Compose("note", func(ctx context.Context, _ *gorm.DB, _ mail.Message) (mail.Content, error) {
				return mail.Content{Text: "x"}, check(ctx, test.composing)
			})
			w := mail.NewWorker(a.DB, outbox, mail.WorkerOptions{Log: a.Logger, Observer: seen,
				Transport: transport(func(ctx context.Context, _ mail.Envelope) error { return check(ctx, test.sending) })})
			note := mail.Request{Kind: "note", Recipient: "ann@example.org", Language: "en"}
			if err := outbox.Enqueue(t.Context(), a.DB, note); err != nil {
				t.Fatal(err)
			}
			tried(t, a, test.attempts)
			deliver(t, w)
			if want := []string{test.begun}; !slices.Equal(seen.begun, want) {
				t.Errorf("got the beginning of %q, want %q", seen.begun, want)
			}
			if want := []string{test.ended}; !slices.Equal(seen.ended, want) {
				t.Errorf("got the end %q, want %q", seen.ended, want)
			}
		})
	}
}

// TestAbortedAttempts checks the state of a message if the program stops during the last attempt at it. An attempt that
// was aborted does not count as the last one; one that succeeded nevertheless does count.
func TestAbortedAttempts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		aborts bool
		err    error
		want   string
	}{
		"aborted":       {true, errors.New("aborted"), mail.Pending},
		"sent":          {true, nil, mail.Sent},
		"failed before": {false, errors.New("away"), mail.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			ask(t, withGreetings(a), "ann@example.org")
			tried(t, a, 11)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			sending, abort := context.WithCancel(t.Context())
			defer abort()
			w, _ := worker(a, func(context.Context, mail.Envelope) error {
				stop()
				if test.aborts {
					abort()
				}
				return test.err
			})
			w.Run(ctx, sending)
			m := state(t, a)
			if m.State != test.want {
				t.Errorf("got the state %s, want %s", m.State, test.want)
			}
			if due := m.DueAt.Sub(a.Clock.Now()); test.want == mail.Pending && due != 15*time.Second {
				t.Errorf("got another attempt after %v, want one after %v", due, 15*time.Second)
			}
		})
	}
}

// TestRetriesSpread checks that messages that fail together are tried again at times that depend on Random.
func TestRetriesSpread(t *testing.T) {
	t.Parallel()
	for random, want := range map[float64]time.Duration{0: 12 * time.Second, 0.75: 16500 * time.Millisecond} {
		a := apptest.New(t)
		ask(t, withGreetings(a), "ann@example.org")
		outbox := mail.NewOutbox()
		greet(outbox)
		away := transport(func(context.Context, mail.Envelope) error { return errors.New("away") })
		deliver(t, mail.NewWorker(a.DB, outbox, mail.WorkerOptions{Transport: away, Log: a.Logger,
			Random: func() float64 { return random }}))
		if got := state(t, a).DueAt.Sub(a.Clock.Now()); got != want {
			t.Errorf("%v: got another attempt after %v, want one after %v", random, got, want)
		}
	}
}

// TestLastWords checks that LastWords is called at the end of every goroutine: of each attempt and of each lane.
func TestLastWords(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ask(t, withGreetings(a), "ann@example.org")
	var calls atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	outbox := mail.NewOutbox()
	greet(outbox)
	w := mail.NewWorker(a.DB, outbox, mail.WorkerOptions{Log: a.Logger, LastWords: func() { calls.Add(1) },
		Transport: transport(func(context.Context, mail.Envelope) error { stop(); return nil })})
	w.Run(ctx, t.Context())
	if got, want := calls.Load(), int64(1+2); got != want {
		t.Errorf("got %d calls, want %d", got, want)
	}
}

// TestNoTransport checks that messages stay in the outbox if there is no transport.
func TestNoTransport(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ask(t, withGreetings(a), "ann@example.org")
	outbox := mail.NewOutbox()
	greet(outbox)
	deliver(t, mail.NewWorker(a.DB, outbox, mail.WorkerOptions{Log: a.Logger}))
	if m := state(t, a); m.State != mail.Pending || m.Attempts != 0 {
		t.Errorf("got the state %s after %d attempts, want %s after none", m.State, m.Attempts, mail.Pending)
	}
}
