package mail_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

func TestComposers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		compose  mail.Composer
		state    string
		to       string
		attempts int
	}{
		"drops": {func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
			return mail.Content{}, fmt.Errorf("no user: %w", mail.ErrDrop)
		}, mail.Dropped, "", 1},
		"fails": {func(_ context.Context, tx *gorm.DB, _ mail.Message) (mail.Content, error) {
			return mail.Content{}, tx.Exec("SELECT nonsense").Error
		}, mail.Pending, "", 1},
		"panics": {func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) { panic("a mistake") },
			mail.Pending, "", 1},
		"finds the address": {func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
			return mail.Content{To: "ann@example.org", Subject: "Hello", Text: "Hello"}, nil
		}, mail.Sent, "ann@example.org", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			a.Outbox.Compose("greeting", test.compose)
			ask(t, a, "17")
			sent := a.Mails(t)
			if m := state(t, a); m.State != test.state || m.Attempts != test.attempts {
				t.Errorf("got the state %s after %d attempts, want %s after %d", m.State, m.Attempts, test.state, test.attempts)
			}
			if test.to == "" && len(sent) != 0 || test.to != "" && (len(sent) != 1 || sent[0].To.Address != test.to) {
				t.Errorf("sent %+v, want one to %q, and none if that is empty", sent, test.to)
			}
		})
	}
}

// TestComposeIsStoredBeforeSending checks that what composing a mail stores is in the database when the mail is sent,
// and is not if composing fails.
func TestComposeIsStoredBeforeSending(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	if err := a.DB.Exec("CREATE TABLE codes (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	codes := func() (count int64) {
		a.DB.Table("codes").Count(&count)
		return count
	}
	broken := true
	outbox := mail.NewOutbox()
	outbox.Compose("greeting", func(_ context.Context, tx *gorm.DB, _ mail.Message) (mail.Content, error) {
		if err := tx.Exec("INSERT INTO codes VALUES (1)").Error; err != nil || broken {
			return mail.Content{}, errors.Join(err, errors.New("broken"))
		}
		return mail.Content{Text: "Hello"}, nil
	})
	w := mail.NewWorker(a.DB, outbox,
		mail.WorkerOptions{Log: a.Logger, Transport: transport(func(context.Context, mail.Envelope) error {
			if got := codes(); got != 1 {
				t.Errorf("got %d codes when the mail is sent, want %d", got, 1)
			}
			return nil
		})})
	greet(a.Outbox)
	ask(t, a, "ann@example.org")
	deliver(t, w)
	if got := codes(); got != 0 {
		t.Errorf("got %d codes when composing fails, want %d", got, 0)
	}
	broken = false
	a.Clock.Advance(time.Minute)
	deliver(t, w)
	if m := state(t, a); m.State != mail.Sent {
		t.Errorf("got %+v, want the state %s", m, mail.Sent)
	}
}
