package mail_test

import (
	"context"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// TestGroupsAfterAWrongClock checks that a group does not wait for a year after mails were sent by a clock that was a
// year ahead.
func TestGroupsAfterAWrongClock(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	a := limited(t, 10, time.Hour)
	a.Clock.Advance(year)
	askMany(t, a, "event:1", 10)
	if got := len(a.Mails(t)); got != 10 {
		t.Fatalf("%d were sent, want %d", got, 10)
	}
	a.Clock.Advance(-year)
	askMany(t, a, "event:1", 15)
	if got := lastOf(t, a, "event:1"); got != time.Hour {
		t.Errorf("the last is due after %v, want %v", got, time.Hour)
	}
	for _, want := range []int{10, 5} {
		if got := len(a.Mails(t)); got != want {
			t.Errorf("%d were sent, want %d", got, want)
		}
		a.Clock.Advance(time.Hour)
	}
}

// TestAnotherRate checks that a worker that starts with another limit keeps to that, even for mails that were postponed
// before.
func TestAnotherRate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rate limits.Rate
		want int // of 30, of which 10 have been sent before
	}{
		"off":    {limits.Rate{}, 20},
		"more":   {limits.Rate{Count: 25, Per: time.Hour}, 15},
		"less":   {limits.Rate{Count: 5, Per: time.Hour}, 0},
		"as was": {limits.Rate{Count: 10, Per: 30 * 24 * time.Hour}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := limited(t, 10, 30*24*time.Hour)
			askMany(t, a, "event:1", 30)
			if got := len(a.Mails(t)); got != 10 {
				t.Fatalf("%d were sent, want %d", got, 10)
			}
			sent := make(chan struct{}, 100)
			w, outbox := worker(a, func(context.Context, mail.Envelope) error { sent <- struct{}{}; return nil })
			outbox.LimitGroups(test.rate)
			ask(t, a, "ann@example.org")
			runUntil(t, w, func() {
				for range test.want + 1 {
					<-sent
				}
			})
			if got := inState(t, a, mail.Sent); got != int64(10+test.want+1) {
				t.Errorf("%d were sent, want %d", got, 10+test.want+1)
			}
		})
	}
}

// runUntil runs a worker until do returns.
func runUntil(t *testing.T, w *mail.Worker, do func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, context.WithoutCancel(ctx))
	}()
	do()
	stop()
	<-ended
}

// TestAccountMailsPassLocks checks that mails of no group are sent while another program hangs and holds the lock on
// groups, or a lock for which composing a mail to a guest waits.
func TestAccountMailsPassLocks(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has one writer at a time")
	}
	for name, lock := range map[string]string{
		"groups":  "SELECT pg_advisory_xact_lock(7881696737188016243)", // groupsLock
		"compose": "LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := limited(t, 10, time.Hour)
			sent := make(chan string, 10)
			w, outbox := worker(a, func(_ context.Context, e mail.Envelope) error { sent <- e.To.Address; return nil })
			outbox.LimitGroups(limits.Rate{Count: 10, Per: time.Hour})
			composing := make(chan struct{}, 10)
			slow := func(_ context.Context, tx *gorm.DB, _ mail.Message) (mail.Content, error) {
				composing <- struct{}{}
				return mail.Content{Text: "Hello"}, tx.Exec("SELECT count(*) FROM audit_events").Error
			}
			outbox.Compose("slow", slow)
			a.Outbox.Compose("slow", slow)
			slowly := mail.Request{Kind: "slow", Recipient: "guest@example.org", Language: "en", Group: "event:1"}
			if err := a.Outbox.Enqueue(t.Context(), a.DB, slowly); err != nil {
				t.Fatal(err)
			}
			release := hold(t, a, lock)
			runUntil(t, w, func() {
				defer release() // before the worker stops
				if name == "compose" {
					<-composing
				}
				ask(t, a, "ann@example.org")
				outbox.Wake()
				if to, want := <-sent, "ann@example.org"; to != want {
					t.Errorf("sent to %s, want %s", to, want)
				}
			})
		})
	}
}

// hold executes a statement that locks something in a transaction of another connection, until release is called.
func hold(t *testing.T, a *apptest.App, lock string) (release func()) {
	t.Helper()
	tx := a.DB.Begin()
	if err := tx.Exec(lock).Error; err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback() }
}
