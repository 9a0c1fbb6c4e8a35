package mail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// stored stores greetings to ann@example.org that the changes apply to, and returns them with their IDs.
func stored(t *testing.T, a *apptest.App, changes ...func(*mail.Message)) []mail.Message {
	t.Helper()
	messages := make([]mail.Message, len(changes))
	for i, change := range changes {
		messages[i] = mail.Message{Kind: "greeting", Recipient: "ann@example.org", Language: "en", Data: "null",
			State: mail.Pending, DueAt: a.Clock.Now(), CreatedAt: a.Clock.Now()}
		change(&messages[i])
	}
	if err := a.DB.Create(&messages).Error; err != nil {
		t.Fatal(err)
	}
	return messages
}

// TestUntried checks which messages wait for their first attempt, and that only these are waiting and can be recalled.
func TestUntried(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   func(*mail.Message)
		untried  bool
		recalled bool // as a greeting to ann@example.org
	}{
		"new":             {func(*mail.Message) {}, true, true},
		"tried":           {func(m *mail.Message) { m.Attempts = 1 }, false, false},
		"sent":            {func(m *mail.Message) { m.State, m.Attempts = mail.Sent, 1 }, false, false},
		"too old":         {func(m *mail.Message) { m.State = mail.Failed }, false, false},
		"another kind":    {func(m *mail.Message) { m.Kind = "farewell" }, true, false},
		"another mailbox": {func(m *mail.Message) { m.Recipient = "bob@example.org" }, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			m := stored(t, a, test.change)[0]
			if got := m.Untried(); got != test.untried {
				t.Errorf("untried: got %t, want %t", got, test.untried)
			}
			var waiting []string
			if err := a.Outbox.Waiting(a.DB, m.Kind).Find(&waiting).Error; err != nil ||
				slices.Contains(waiting, m.Recipient) != test.untried {
				t.Errorf("waiting: got %q, %v; want %s among them: %t", waiting, err, m.Recipient, test.untried)
			}
			got, err := a.Outbox.Recall(t.Context(), a.DB, "greeting", "ann@example.org")
			if err != nil || got != test.recalled {
				t.Errorf("recalled: got %t, %v; want %t, no error", got, err, test.recalled)
			}
			var left int64
			if err := a.DB.Model(&mail.Message{}).Count(&left).Error; err != nil || (left == 0) != test.recalled {
				t.Errorf("got %d messages after Recall, %v; want none: %t", left, err, test.recalled)
			}
		})
	}
}

// TestLimitReached checks which other messages count towards a limit of one mail an hour.
func TestLimitReached(t *testing.T) {
	t.Parallel()
	sent := func(ago time.Duration) func(*apptest.App, *mail.Message) {
		return func(a *apptest.App, m *mail.Message) {
			finished := a.Clock.Now().Add(-ago)
			m.State, m.FinishedAt = mail.Sent, &finished
		}
	}
	for name, test := range map[string]struct {
		change func(*apptest.App, *mail.Message)
		before bool // enqueued before the message
		want   bool
	}{
		"sent lately":        {sent(time.Hour - time.Second), true, true},
		"sent an hour ago":   {sent(time.Hour), true, false},
		"sent out of turn":   {sent(0), false, true},
		"before it":          {func(*apptest.App, *mail.Message) {}, true, true},
		"after it":           {func(*apptest.App, *mail.Message) {}, false, false},
		"dropped":            {func(_ *apptest.App, m *mail.Message) { m.State = mail.Dropped }, true, false},
		"of another kind":    {func(_ *apptest.App, m *mail.Message) { m.Kind = "farewell" }, true, false},
		"to another mailbox": {func(_ *apptest.App, m *mail.Message) { m.Recipient = "bob@example.org" }, true, false},
		"failed":             {func(_ *apptest.App, m *mail.Message) { m.State = mail.Failed }, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apptest.New(t)
			changes := []func(*mail.Message){func(m *mail.Message) { test.change(a, m) }, func(*mail.Message) {}}
			if !test.before {
				slices.Reverse(changes)
			}
			messages := stored(t, a, changes...)
			m := messages[1]
			if !test.before {
				m = messages[0]
			}
			for most, want := range map[int]bool{1: test.want, 2: false} {
				if got, err := mail.LimitReached(t.Context(), a.DB, m, most, time.Hour); err != nil || got != want {
					t.Errorf("a limit of %d: got %t, %v; want %t, no error", most, got, err, want)
				}
			}
		})
	}
}

// TestNewest checks which messages Newest returns, and in what order.
func TestNewest(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	var want []int64
	for i, m := range stored(t, a,
		func(*mail.Message) {},
		func(m *mail.Message) { m.State = mail.Sent },
		func(m *mail.Message) { m.State = mail.Dropped },
		func(m *mail.Message) { m.Kind = "farewell" },
		func(m *mail.Message) { m.Recipient = "bob@example.org" },
		func(m *mail.Message) { m.State = mail.Failed },
	) {
		if i == 1 || i == 5 { // 0 is over the limit
			want = append([]int64{m.ID}, want...)
		}
	}
	messages, err := mail.Newest(t.Context(), a.DB, "greeting", "ann@example.org", 2)
	var got []int64
	for _, m := range messages {
		got = append(got, m.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got the messages %d, %v; want %d, no error", got, err, want)
	}
}

// TestDecode checks that data of another shape is an error that says which mail it is of, but not what it is.
func TestDecode(t *testing.T) {
	t.Parallel()
	m := mail.Message{ID: 17, Kind: "greeting", Data: `{"name": "Ann"}`}
	var name struct{ Name string }
	if err := m.Decode(&name); err != nil || name.Name != "Ann" {
		t.Errorf("got %+v, %v; want the name %s, no error", name, err, "Ann")
	}
	var number struct{ Name int }
	const want = "read the data of mail 17 (greeting): "
	err := m.Decode(&number)
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "Ann") {
		t.Errorf("got %v, want an error that begins with %q, without %q", err, want, "Ann")
	}
}
