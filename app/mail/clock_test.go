package mail_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/mail"
)

// office is an outbox with one greeting, in a synctest bubble.
type office struct {
	db     *gorm.DB
	outbox *mail.Outbox
	log    apptest.Log
}

// timed calls test in a synctest bubble whose clock is also that of the outbox.
func timed(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	if dbtest.Postgres() {
		t.Skip("the bubble's clock does not wait for a server")
	}
	address := dbtest.SchemaURL(t)
	synctest.Test(t, func(t *testing.T) {
		o := &office{db: dbtest.Open(t, address, database.Options{}), outbox: mail.NewOutbox()}
		greet(o.outbox)
		err := o.outbox.Enqueue(t.Context(), o.db, mail.Request{Kind: "greeting", Recipient: "ann@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		test(t, o)
	})
}

func (o *office) worker(send mail.Transport) *mail.Worker {
	return mail.NewWorker(o.db, o.outbox, mail.WorkerOptions{
		Transport: send, Log: slog.New(slog.NewTextHandler(&o.log, nil)), Random: func() float64 { return 0.5 },
	})
}

// states returns the states of the messages.
func (o *office) states(t *testing.T) (states []string) {
	t.Helper()
	if err := o.db.Model(&mail.Message{}).Pluck("state", &states).Error; err != nil {
		t.Fatal(err)
	}
	return states
}

// unavailable makes the next statements that update something fail as if there was no connection.
func (o *office) unavailable(t *testing.T, statements int) {
	t.Helper()
	err := o.db.Callback().Update().Before("gorm:update").Register("away", func(tx *gorm.DB) {
		if statements--; statements >= 0 {
			_ = tx.AddError(driver.ErrBadConn)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRunFindsRetries checks when a worker that nobody wakes tries again to send a mail that the server did not accept.
func TestRunFindsRetries(t *testing.T) {
	t.Parallel()
	timed(t, func(t *testing.T, o *office) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var got []time.Duration
		began := time.Now()
		w := o.worker(transport(func(context.Context, mail.Envelope) error {
			if got = append(got, time.Since(began)); len(got) < 3 {
				return errors.New("busy")
			}
			stop()
			return nil
		}))
		w.Run(ctx, t.Context())
		if want := []time.Duration{0, 15 * time.Second, 45 * time.Second}; !slices.Equal(got, want) {
			t.Errorf("got attempts after %v, want them after %v", got, want)
		}
	})
}

// TestRunSweeps checks that a worker gives up a mail once it is a day old, within an hour.
func TestRunSweeps(t *testing.T) {
	t.Parallel()
	timed(t, func(t *testing.T, o *office) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			o.worker(nil).Run(ctx, t.Context())
		}()
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{24 * time.Hour, mail.Pending}, {time.Hour + time.Second, mail.Failed}} {
			time.Sleep(step.after)
			synctest.Wait()
			if got := o.states(t); !slices.Equal(got, []string{step.want}) {
				t.Errorf("after another %v: got the states %q, want only %s", step.after, got, step.want)
			}
		}
		stop()
		<-ended
	})
}

// TestMarkingWaitsForTheDatabase checks that a mail that was sent is marked when the database is available again, and
// that the worker stops trying before its lease ends, or when it is told to abort what it is doing.
func TestMarkingWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		statements int // that fail
		aborts     bool
		state      string
		took       time.Duration
		logged     bool
	}{
		"available":           {0, false, mail.Sent, 0, false},
		"back after a while":  {3, false, mail.Sent, 3 * time.Second, false},
		"back too late":       {1000, false, mail.Pending, 100 * time.Second, true},
		"aborted":             {1000, true, mail.Pending, 0, true},
		"aborted, but marked": {0, true, mail.Sent, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timed(t, func(t *testing.T, o *office) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				sending, abort := context.WithCancel(t.Context())
				defer abort()
				began, sent := time.Now(), 0
				w := o.worker(transport(func(context.Context, mail.Envelope) error {
					sent++
					o.unavailable(t, test.statements)
					stop()
					if test.aborts {
						abort()
					}
					return nil
				}))
				w.Run(ctx, sending)
				if took := time.Since(began); took != test.took || sent != 1 {
					t.Errorf("sent %d times, and Run returned after %v; want %d and %v", sent, took, 1, test.took)
				}
				if got := o.states(t); !slices.Equal(got, []string{test.state}) {
					t.Errorf("got the states %q, want only %s", got, test.state)
				}
				const line = "not marked, will be sent again after the lease"
				if log := o.log.String(); strings.Contains(log, line) != test.logged {
					t.Errorf("logged %q, want %q in it: %t", log, line, test.logged)
				}
			})
		})
	}
}
