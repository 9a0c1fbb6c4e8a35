package mail_test

import (
	"context"
	"errors"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// greet registers a kind of mails that greet the name in their data.
func greet(o *mail.Outbox) {
	o.Compose("greeting", func(_ context.Context, _ *gorm.DB, m mail.Message) (mail.Content, error) {
		var data struct{ Name string }
		if err := m.Decode(&data); err != nil {
			return mail.Content{}, err
		}
		return mail.Content{Name: data.Name, Subject: "Hello", Text: "Hello " + data.Name + "!\n"}, nil
	})
}

// ask enqueues a greeting in a transaction of its own.
func ask(t *testing.T, a *apptest.App, recipient string) {
	t.Helper()
	request := mail.Request{Kind: "greeting", Recipient: recipient, Language: "en", Data: map[string]string{"name": "Ann"}}
	err := a.DB.Transaction(func(tx *gorm.DB) error { return a.Outbox.Enqueue(t.Context(), tx, request) })
	if err != nil {
		t.Fatal(err)
	}
}

// state returns the only message in the outbox.
func state(t *testing.T, a *apptest.App) mail.Message {
	t.Helper()
	var messages []mail.Message
	if err := a.DB.Find(&messages).Error; err != nil || len(messages) != 1 {
		t.Fatalf("got %d messages, %v; want one, no error", len(messages), err)
	}
	return messages[0]
}

func TestEnqueueIsPartOfTheTransaction(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	broken := errors.New("rolled back")
	err := a.DB.Transaction(func(tx *gorm.DB) error {
		if err := a.Outbox.Enqueue(t.Context(),
			tx, mail.Request{Kind: "greeting", Recipient: "ann@example.org"}); err != nil {
			t.Error(err)
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent %+v, want none", sent)
	}
	ask(t, a, "ann@example.org")
	sent := a.Mails(t)
	signed := "Hello Ann!\n\n-- \n" + apptest.Config().Organisation.Name + "\n"
	to, now := `"Ann" <ann@example.org>`, a.Clock.Now()
	if len(sent) != 1 || sent[0].To.String() != to || sent[0].Content.Text != signed || sent[0].Kind != "greeting" ||
		!sent[0].Date.Equal(now) {
		t.Errorf("sent %+v, want one greeting to %s at %v: %q", sent, to, now, signed)
	}
	if m := state(t, a); m.State != mail.Sent || m.Attempts != 1 || m.FinishedAt == nil || !m.FinishedAt.Equal(now) {
		t.Errorf("got the state %s after %d attempts at %v, want %s after %d at %v", m.State, m.Attempts, m.FinishedAt,
			mail.Sent, 1, now)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent again: %+v", sent)
	}
}

func TestEnqueueRefuses(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	for name, request := range map[string]mail.Request{
		"unknown kind": {Kind: "gretting", Recipient: "ann@example.org"},
		"no JSON":      {Kind: "greeting", Recipient: "ann@example.org", Data: func() {}},
	} {
		if err := a.Outbox.Enqueue(t.Context(), a.DB, request); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestComposeTwice(t *testing.T) {
	t.Parallel()
	o := mail.NewOutbox()
	greet(o)
	defer func() {
		if recover() == nil {
			t.Error("got no panic for a second composer of a kind")
		}
	}()
	greet(o)
}

// TestSilence checks that a silent outbox stores nothing, but refuses what others refuse.
func TestSilence(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	if a.Outbox.Silent() {
		t.Error("got a silent outbox, want one that stores messages")
	}
	a.Outbox.Silence()
	if !a.Outbox.Silent() {
		t.Error("got an outbox that is not silent after Silence")
	}
	ask(t, a, "ann@example.org")
	if err := a.Outbox.Enqueue(t.Context(), a.DB, mail.Request{Kind: "gretting"}); err == nil {
		t.Error("an unknown kind: got no error")
	}
	var stored int64
	if err := a.DB.Model(&mail.Message{}).Count(&stored).Error; err != nil || stored != 0 {
		t.Errorf("got %d messages, %v; want %d, no error", stored, err, 0)
	}
}
