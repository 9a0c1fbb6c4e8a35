package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// operation is an operation of the outbox on its database.
type operation struct {
	statements int
	run        func(ctx context.Context, a *apptest.App) error
}

// operations returns the operations by name.
func operations() map[string]operation {
	const recipient = "ann@example.org"
	to := mail.Filter{Recipients: []string{recipient}}
	return map[string]operation{
		"enqueue": {1, func(ctx context.Context, a *apptest.App) error {
			return a.Outbox.Enqueue(ctx, a.DB, mail.Request{Kind: "greeting", Recipient: recipient})
		}},
		"recall": {1, func(ctx context.Context, a *apptest.App) error {
			_, err := a.Outbox.Recall(ctx, a.DB, "greeting", recipient)
			return err
		}},
		"last of a group": {3, func(ctx context.Context, a *apptest.App) error {
			_, err := a.Outbox.LastOf(ctx, a.DB, "event:1")
			return err
		}},
		"enough": {1, func(ctx context.Context, a *apptest.App) error {
			_, err := mail.LimitReached(ctx, a.DB, mail.Message{Kind: "greeting", Recipient: recipient}, 1, time.Hour)
			return err
		}},
		"newest": {1, func(ctx context.Context, a *apptest.App) error {
			_, err := mail.Newest(ctx, a.DB, "greeting", recipient, 1)
			return err
		}},
		"list": {1, func(ctx context.Context, a *apptest.App) error {
			_, _, err := mail.List(ctx, a.DB, to, time.Time{}, 0)
			return err
		}},
		"forget": {1, func(ctx context.Context, a *apptest.App) error {
			return mail.Forget(ctx, a.DB, to, a.Clock.Now())
		}},
		"forget none": {0, func(ctx context.Context, a *apptest.App) error {
			return mail.Forget(ctx, a.DB, mail.Filter{Kinds: []string{"greeting"}}, a.Clock.Now())
		}},
		"backlog": {3, func(ctx context.Context, a *apptest.App) error {
			_, err := a.Outbox.Backlog(ctx, a.DB)
			return err
		}},
		"sweep": {2, func(ctx context.Context, a *apptest.App) error {
			w, _ := worker(a, nil)
			return w.Sweep(ctx)
		}},
	}
}

// TestDatabaseFails lets each statement of each operation fail in turn: no failure may pass for success.
func TestDatabaseFails(t *testing.T) {
	t.Parallel()
	for name, test := range operations() {
		for n := range test.statements + 1 {
			t.Run(fmt.Sprintf("%s, statement %d", name, n), func(t *testing.T) {
				t.Parallel()
				a := apptest.New(t)
				greet(a.Outbox)
				a.Outbox.LimitGroups(limits.Rate{Count: 1, Per: time.Hour})
				askMany(t, a, "event:1", 2)
				a.Mails(t) // one of the two
				statements := dbtest.FailAt(t, a.DB, n)
				err := test.run(t.Context(), a)
				if n == 0 && (err != nil || *statements != test.statements) {
					t.Errorf("no statement fails: got %v after %d, want no error after %d", err, *statements, test.statements)
				}
				if n > 0 && !errors.Is(err, dbtest.ErrDiskFull) {
					t.Errorf("got %v, want %v", err, dbtest.ErrDiskFull)
				}
			})
		}
	}
}

// TestContextEnds checks that every operation ends with its context.
func TestContextEnds(t *testing.T) {
	t.Parallel()
	a := limited(t, 1, time.Hour)
	ended, end := context.WithCancel(t.Context())
	end()
	for name, test := range operations() {
		if err := test.run(ended, a); test.statements > 0 && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}

// TestDeliverNothing checks that a worker that finds nothing to do asks the database once for each lane, and writes
// nothing.
func TestDeliverNothing(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	w, _ := worker(a, nil)
	statements := dbtest.FailAt(t, a.DB, 0)
	deliver(t, w)
	if *statements != 2 {
		t.Errorf("got %d statements, want %d", *statements, 2)
	}
}

// TestDeliverDatabaseFails makes each statement of an otherwise successful attempt fail. It checks that Deliver returns
// the error if it cannot lease the mail. If it cannot mark a mail that it has sent, that is logged, and the mail is
// sent again when its lease ends.
func TestDeliverDatabaseFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		n      int
		err    error
		sent   int
		state  string
		logged bool
	}{
		{"none", 0, nil, 1, mail.Sent, false},
		{"find what is due", 1, dbtest.ErrDiskFull, 0, mail.Pending, false},
		{"lease it", 2, dbtest.ErrDiskFull, 0, mail.Pending, false},
		{"mark it", 3, nil, 1, mail.Pending, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			ask(t, withGreetings(a), "ann@example.org")
			sent := 0
			w, _ := worker(a, func(context.Context, mail.Envelope) error { sent++; return nil })
			dbtest.FailAt(t, a.DB, test.n)
			if err := w.Deliver(t.Context()); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
			if m := state(t, a); m.State != test.state || sent != test.sent {
				t.Errorf("got %s, sent %d times, want %s and %d", m.State, sent, test.state, test.sent)
			}
			const line = "will be sent again after the lease"
			if log := a.Log.String(); strings.Contains(log, line) != test.logged {
				t.Errorf("logged %q, want %q in it: %t", log, line, test.logged)
			}
			a.Clock.Advance(2*time.Minute + time.Second)
			deliver(t, w)
			if m := state(t, a); m.State != mail.Sent {
				t.Errorf("after the lease: got %s, want %s", m.State, mail.Sent)
			}
		})
	}
}

func withGreetings(a *apptest.App) *apptest.App {
	greet(a.Outbox)
	return a
}

// TestRetryDatabaseFails checks what is logged if a mail that the server did not accept cannot be returned to the
// outbox.
func TestRetryDatabaseFails(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ask(t, withGreetings(a), "ann@example.org")
	w, _ := worker(a, func(context.Context, mail.Envelope) error { return errors.New("busy") })
	dbtest.FailAt(t, a.DB, 3)
	deliver(t, w)
	const want = "will be sent again after the lease"
	if log := a.Log.String(); !strings.Contains(log, want) {
		t.Errorf("logged %q, want %q", log, want)
	}
}

// TestGroupsDatabaseFails fails each of the statements that lease mails of a group at its limit: those that find what
// is due, count what the group has sent, find the last of these, and postpone the others. It checks that Deliver
// returns the error.
func TestGroupsDatabaseFails(t *testing.T) {
	t.Parallel()
	for n := 2; n <= 5; n++ { // the first statement is for mails of no group
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			greet(a.Outbox)
			rate := limits.Rate{Count: 1, Per: time.Hour}
			a.Outbox.LimitGroups(rate)
			askMany(t, a, "event:1", 1)
			a.Mails(t)
			askMany(t, a, "event:1", 1)
			w, outbox := worker(a, func(context.Context, mail.Envelope) error { return errors.New("sent") })
			outbox.LimitGroups(rate)
			dbtest.FailAt(t, a.DB, n)
			if err := w.Deliver(t.Context()); !errors.Is(err, dbtest.ErrDiskFull) {
				t.Errorf("got %v, want %v", err, dbtest.ErrDiskFull)
			}
		})
	}
}

// TestRunLogsFailures checks that a worker logs that it cannot use the database, but logs neither success nor that it
// is stopped.
func TestRunLogsFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fail  int
		ended bool // before it runs
		want  int  // lines
	}{
		"nothing fails":    {0, false, 0},
		"sweeping fails":   {1, false, 1},
		"releasing fails":  {3, false, 1},
		"stopped at first": {0, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			ask(t, withGreetings(a), "ann@example.org")
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if test.ended {
				stop()
			}
			w, _ := worker(a, func(context.Context, mail.Envelope) error { stop(); return nil })
			dbtest.FailAt(t, a.DB, test.fail)
			w.Run(ctx, t.Context())
			if got := strings.Count(a.Log.String(), "the outbox is unavailable"); got != test.want {
				t.Errorf("got %d lines, want %d: %s", got, test.want, a.Log)
			}
		})
	}
}
