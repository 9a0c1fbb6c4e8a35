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

// TestDatabaseAwayAfterSending: the database goes away while a mail goes out, as in a failover. What went out is marked
// once it is back, and is not sent again when the lease is over.
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
		_ = w.Deliver(t.Context()) // its next look may be too early
	}()
	<-away
	server.Start(t)
	<-ended
	a.Clock.Advance(time.Hour)
	deliver(t, w)
	if got := sent.Load(); got != 1 {
		t.Errorf("it was sent %d times, want %d", got, 1)
	}
}
