package mail_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// TestOutcomes checks the counts after a failed attempt, after a mail is sent, and after mails are given up.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	broken := true
	w, _ := worker(a, func(context.Context, mail.Envelope) error {
		if broken {
			return errors.New("broken")
		}
		return nil
	})
	outcomes := func(sent, failed, pending int64) {
		t.Helper()
		want := map[mail.Outcome]int64{
			{"greeting", mail.Sent}: sent, {"greeting", mail.Dropped}: 0, {"greeting", mail.Failed}: failed, {"greeting",
				mail.Pending}: pending,
		}
		if got := w.Outcomes(); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	outcomes(0, 0, 0)
	ask(t, a, "ann@example.org")
	deliver(t, w)
	outcomes(0, 0, 1)
	broken = false
	a.Clock.Advance(time.Hour)
	deliver(t, w)
	outcomes(1, 0, 1)
	ask(t, a, "bob@example.org")
	ask(t, a, "cem@example.org")
	a.Clock.Advance(25 * time.Hour)
	if err := w.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	outcomes(1, 2, 1)
}

// TestBacklog checks the number of pending mails of each kind, and the age of the oldest of them, without those that
// the limit on a group holds back.
func TestBacklog(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	a.Outbox.LimitGroups(limits.Rate{Count: 1, Per: time.Hour})
	_, outbox := worker(a, nil)
	outbox.Compose("farewell", func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
		return mail.Content{}, nil
	})
	backlog := func(messages int64, single, bulk time.Duration) {
		t.Helper()
		got, err := outbox.Backlog(t.Context(), a.DB)
		if want := (map[string]int64{"farewell": 0, "greeting": messages}); err != nil || !maps.Equal(got.Messages, want) ||
			got.Single != single || got.Bulk != bulk {
			t.Errorf("got %+v, %v, want %v, %v and %v", got, err, want, single, bulk)
		}
	}
	backlog(0, 0, 0)
	invitation := mail.Request{Kind: "greeting", Recipient: "ann@example.org", Language: "en", Group: "event:1"}
	if err := a.Outbox.Enqueue(t.Context(), a.DB, invitation, invitation); err != nil {
		t.Fatal(err)
	}
	a.Clock.Advance(time.Minute)
	ask(t, a, "ann@example.org")
	a.Clock.Advance(time.Minute)
	backlog(3, time.Minute, 2*time.Minute)
	a.Mails(t) // sends one of the event's, and the other one
	backlog(1, 0, 0)
	a.Clock.Advance(time.Hour + time.Minute)
	backlog(1, 0, time.Minute)
}
