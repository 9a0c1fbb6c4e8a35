//go:build unix

package mail_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
	"guestlist/app/mail"
)

// TestDatabaseAwayAfterSending checks that a mail that is sent while the database goes down, as in a failover, is
// marked once the database is back, and is not sent again when its lease ends.
func TestDatabaseAwayAfterSending(t *testing.T) {
	t.Parallel()
	server := dbtest.StartInstance(t)
	a := apptest.On(t, server.Address())
	greet(a.Outbox)
	ask(t, a, "ann@example.org")
	var sent atomic.Int64
	away := make(chan struct{})
	w, _ := worker(a, func(context.Context, mail.Envelope) error {
		if sent.Add(1) == 1 {
			server.Stop(t)
			close(away)
		}
		return nil
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.Deliver(t.Context()) // its next query may come before the server is back
	}()
	<-away
	server.Start(t)
	<-ended
	a.Clock.Advance(time.Hour)
	deliver(t, w)
	if got := sent.Load(); got != 1 {
		t.Errorf("the mail was sent %d times, want %d", got, 1)
	}
}
