package mail_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// TestFollower checks what the follower of a kind is passed for each way in which a message can end.
func TestFollower(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sending   error
		recipient string
		attempts  int  // before
		expires   bool // it is not sent for a day
		want      string
	}{
		"sent": {recipient: "ann@example.org", want: "sent false ann@example.org"},
		"refused": {recipient: "ann@example.org", sending: fmt.Errorf("%w: 550", mail.ErrRefused),
			want: "failed true ann@example.org"},
		"to no one": {recipient: "nobody@example.org", want: "dropped false "},
		"tried":     {recipient: "ann@example.org", sending: errors.New("away")},
		"tried enough": {recipient: "ann@example.org", sending: errors.New("away"), attempts: 11,
			want: "failed false ann@example.org"},
		"expired": {recipient: "ann@example.org", expires: true, want: "failed false "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			var told []string
			w, outbox := worker(a, func(context.Context, mail.Envelope) error { return test.sending })
			outbox.Compose("note", func(_ context.Context, _ *gorm.DB, m mail.Message) (mail.Content, error) {
				if m.Recipient == "nobody@example.org" {
					return mail.Content{}, mail.ErrDrop
				}
				return mail.Content{Subject: "x", Text: "x"}, nil
			})
			outbox.Follow("note", func(_ context.Context, tx *gorm.DB, results []mail.Result) error {
				var states []string
				for _, r := range results {
					told = append(told, fmt.Sprintf("%s %v %s", r.End, r.Refused, r.To))
					if err := tx.Model(&mail.Message{}).Where("id = ?", r.ID).Pluck("state", &states).Error; err != nil ||
						!slices.Equal(states, []string{r.End}) {
						t.Errorf("the message has the state %q, the follower is passed %s, %v; want the same", states, r.End, err)
					}
				}
				return nil
			})
			if err := outbox.Enqueue(t.Context(), a.DB, mail.Request{Kind: "note", Recipient: test.recipient,
				Language: "en"}); err != nil {
				t.Fatal(err)
			}
			tried(t, a, test.attempts)
			if test.expires {
				a.Clock.Advance(25 * time.Hour)
				if err := w.Sweep(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			deliver(t, w)
			if want := []string{test.want}; !slices.Equal(told, want) && (test.want != "" || len(told) > 0) {
				t.Errorf("the follower was passed %q, want %q", told, want)
			}
		})
	}
}

// TestFollowerFails checks that a message is not marked as sent if its follower fails, and is sent again when its lease
// ends.
func TestFollowerFails(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	fails := true
	w, outbox := worker(a, func(context.Context, mail.Envelope) error { return nil })
	outbox.Compose("note", func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
		return mail.Content{Text: "x"}, nil
	})
	outbox.Follow("note", func(context.Context, *gorm.DB, []mail.Result) error {
		if fails {
			return errors.New("away")
		}
		return nil
	})
	if err := outbox.Enqueue(t.Context(), a.DB, mail.Request{Kind: "note", Recipient: "ann@example.org",
		Language: "en"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int64{0, 1} {
		deliver(t, w)
		if got := inState(t, a, mail.Sent); got != want {
			t.Errorf("%d messages are marked as sent, want %d", got, want)
		}
		fails = false
		a.Clock.Advance(3 * time.Minute)
	}
}

// TestSweepFollowerFails checks that no message is given up if its follower fails, until it no longer does.
func TestSweepFollowerFails(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	away := errors.New("away")
	w, outbox := worker(a, nil)
	outbox.Follow("greeting", func(context.Context, *gorm.DB, []mail.Result) error { return away })
	ask(t, withGreetings(a), "ann@example.org")
	a.Clock.Advance(25 * time.Hour)
	for _, want := range []int64{0, 1} {
		if err := w.Sweep(t.Context()); !errors.Is(err, away) {
			t.Errorf("got %v, want %v", err, away)
		}
		counted := w.Outcomes()[mail.Outcome{Kind: "greeting", State: mail.Failed}]
		if got := inState(t, a, mail.Failed); got != want || counted != want {
			t.Errorf("%d messages are given up, and %d counted; want %d", got, counted, want)
		}
		away = nil
	}
}

// TestSweepFollowers checks that the follower of each kind is passed the messages of its kind that are given up.
func TestSweepFollowers(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	w, outbox := worker(a, nil)
	got := map[string][]string{}
	for _, kind := range []string{"greeting", "farewell"} {
		outbox.Follow(kind, func(_ context.Context, _ *gorm.DB, results []mail.Result) error {
			for _, r := range results {
				got[kind] = append(got[kind], r.Kind)
			}
			return nil
		})
	}
	stored(t, a, func(*mail.Message) {}, func(m *mail.Message) { m.Kind = "farewell" }, func(*mail.Message) {})
	a.Clock.Advance(25 * time.Hour)
	if err := w.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"greeting": {"greeting", "greeting"}, "farewell": {"farewell"}}
	if !maps.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("the followers were passed %q, want %q", got, want)
	}
}

// TestFollowTwice checks that a kind cannot have two followers.
func TestFollowTwice(t *testing.T) {
	t.Parallel()
	outbox := mail.NewOutbox()
	follow := func(context.Context, *gorm.DB, []mail.Result) error { return nil }
	outbox.Follow("greeting", follow)
	outbox.Follow("farewell", follow)
	defer func() {
		if recover() == nil {
			t.Error("got no panic for a second follower of a kind")
		}
	}()
	outbox.Follow("greeting", follow)
}
