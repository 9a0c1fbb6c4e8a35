package mail_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// limited returns an application that limits groups of mails to a rate.
func limited(t *testing.T, count int, per time.Duration) *apptest.App {
	t.Helper()
	a := apptest.New(t, func(c *app.Config) { c.DatabasePoolSize = 10 })
	a.Outbox.LimitGroups(limits.Rate{Count: count, Per: per})
	greet(a.Outbox)
	return a
}

// askMany enqueues many greetings in a group, or in none if it is empty.
func askMany(t *testing.T, a *apptest.App, group string, many int) {
	t.Helper()
	requests := make([]mail.Request, many)
	for i := range requests {
		requests[i] = mail.Request{Kind: "greeting", Recipient: fmt.Sprintf("guest%d@example.org", i), Language: "en",
			Group: group}
	}
	err := a.DB.Transaction(func(tx *gorm.DB) error { return a.Outbox.Enqueue(t.Context(), tx, requests...) })
	if err != nil {
		t.Fatal(err)
	}
}

// lastOf returns how long it takes until the last mail of the group is due.
func lastOf(t *testing.T, a *apptest.App, group string) time.Duration {
	t.Helper()
	last, err := a.Outbox.LastOf(t.Context(), a.DB, group)
	if err != nil {
		t.Fatal(err)
	}
	if last.IsZero() {
		return 0
	}
	return last.Sub(a.Clock.Now())
}

// inState counts the messages in a state.
func inState(t *testing.T, a *apptest.App, state string) (count int64) {
	t.Helper()
	if err := a.DB.Model(&mail.Message{}).Where("state = ?", state).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

// TestGroupsKeepToTheirRate checks that mails beyond the limit of a group are sent later, and that no other mails wait
// for them.
func TestGroupsKeepToTheirRate(t *testing.T) {
	t.Parallel()
	a := limited(t, 10, time.Hour)
	askMany(t, a, "event:1", 25)
	if got, want := lastOf(t, a, "event:1"), 2*time.Hour; got != want {
		t.Errorf("the last is due after %v, want %v", got, want)
	}
	askMany(t, a, "event:2", 10)
	askMany(t, a, "", 15)
	if got := lastOf(t, a, "event:2"); got != 0 {
		t.Errorf("the last of the other group is due after %v, want none to wait", got)
	}
	for i, step := range []struct {
		after time.Duration
		sent  int
		last  time.Duration
	}{
		{0, 10 + 10 + 15, 2 * time.Hour},
		{time.Hour - time.Second, 0, time.Hour + time.Second},
		{time.Second, 10, time.Hour},
		{time.Hour, 5, 0},
		{0, 0, 0},
	} {
		a.Clock.Advance(step.after)
		if got := len(a.Mails(t)); got != step.sent {
			t.Errorf("step %d: %d were sent, want %d", i, got, step.sent)
		}
		if got := lastOf(t, a, "event:1"); got != step.last {
			t.Errorf("step %d: the last is due after %v, want %v", i, got, step.last)
		}
	}
	askMany(t, a, "event:1", 6)
	if got := lastOf(t, a, "event:1"); got != time.Hour {
		t.Errorf("with 5 of 10 used, the last of 6 is due after %v, want %v", got, time.Hour)
	}
	if got := len(a.Mails(t)); got != 5 {
		t.Errorf("with 5 of 10 used, %d of 6 were sent, want %d", got, 5)
	}
}

// TestNoLimit checks that all mails are sent immediately if groups have no limit.
func TestNoLimit(t *testing.T) {
	t.Parallel()
	a := limited(t, 0, 0)
	askMany(t, a, "event:1", 25)
	if last, sent := lastOf(t, a, "event:1"), a.Mails(t); last != 0 || len(sent) != 25 {
		t.Errorf("%d were sent, the last is due after %v; want %d, and none to wait", len(sent), last, 25)
	}
}

// TestNoMoreAfterAnOutage checks that no more mails than the limit are sent in an hour, even after hours in which none
// were sent.
func TestNoMoreAfterAnOutage(t *testing.T) {
	t.Parallel()
	a := limited(t, 10, time.Hour)
	for range 5 {
		askMany(t, a, "event:1", 5)
		a.Clock.Advance(time.Hour)
	}
	for _, want := range []int{10, 10, 5} {
		if got := len(a.Mails(t)); got != want {
			t.Errorf("%d were sent, want %d", got, want)
		}
		a.Clock.Advance(time.Hour)
	}
}

// TestGroupAmongWorkers checks that several workers together keep to the limit.
func TestGroupAmongWorkers(t *testing.T) {
	t.Parallel()
	const most = 20
	a := limited(t, most, time.Hour)
	askMany(t, a, "event:1", 5*most)
	for round := range 2 {
		var sent atomic.Int64
		var group sync.WaitGroup
		for range 4 {
			w, outbox := worker(a, func(context.Context, mail.Envelope) error { sent.Add(1); return nil })
			outbox.LimitGroups(limits.Rate{Count: most, Per: time.Hour})
			group.Go(func() {
				if err := w.Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if sent.Load() != most {
			t.Errorf("round %d: %d were sent, want %d", round, sent.Load(), most)
		}
		a.Clock.Advance(time.Hour)
	}
}

// TestOnlyMailsCount checks that neither failed attempts nor dropped mails count towards the limit.
func TestOnlyMailsCount(t *testing.T) {
	t.Parallel()
	a := limited(t, 10, time.Hour)
	a.Outbox.Compose("nothing", func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
		return mail.Content{}, mail.ErrDrop
	})
	askMany(t, a, "event:1", 15)
	w, outbox := worker(a, func(context.Context, mail.Envelope) error { return errors.New("the server is away") })
	outbox.LimitGroups(limits.Rate{Count: 10, Per: time.Hour})
	deliver(t, w)
	var waiting int64
	if err := a.DB.Model(&mail.Message{}).Where("attempts = 1 AND begun_at IS NULL").Count(&waiting).Error; err != nil ||
		waiting < 10 {
		t.Errorf("%d were tried and no longer count, %v; want at least %d, no error", waiting, err, 10)
	}
	a.Clock.Advance(time.Minute)
	nothing := make([]mail.Request, 20)
	for i := range nothing {
		nothing[i] = mail.Request{Kind: "nothing", Recipient: "1", Group: "event:1"}
	}
	if err := a.Outbox.Enqueue(t.Context(), a.DB, nothing...); err != nil {
		t.Fatal(err)
	}
	if got := len(a.Mails(t)); got != 10 {
		t.Errorf("%d were sent, want 10", got)
	}
	a.Clock.Advance(time.Hour)
	if got, dropped := len(a.Mails(t)), inState(t, a, mail.Dropped); got != 5 || dropped != 20 {
		t.Errorf("an hour later %d were sent, and %d dropped; want %d and %d", got, dropped, 5, 20)
	}
}

// TestHeldMailsDoNotAge checks that mails that wait for days because of the limit are not given up.
func TestHeldMailsDoNotAge(t *testing.T) {
	t.Parallel()
	const days = 5
	a := limited(t, 3, 24*time.Hour)
	askMany(t, a, "event:1", 3*days)
	sent := 0
	for range 24 * days {
		sent += len(a.Mails(t))
		if err := a.Mailer.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.Clock.Advance(time.Hour)
	}
	if failed := inState(t, a, mail.Failed); sent != 3*days || failed != 0 {
		t.Errorf("%d were sent, %d given up; want %d and %d", sent, failed, 3*days, 0)
	}
	askMany(t, a, "event:1", 1)
	a.Clock.Advance(24*time.Hour + time.Second)
	err := a.Mailer.Sweep(t.Context())
	if failed := inState(t, a, mail.Failed); err != nil || failed != 1 {
		t.Errorf("%d that could have been sent were given up, %v; want %d, no error", failed, err, 1)
	}
}

// TestAccountMailsDoNotWait checks that a mail about an account is sent while 10,000 invitations are pending and the
// mail server takes long for each.
func TestAccountMailsDoNotWait(t *testing.T) {
	t.Parallel()
	const invitations = 10_000
	a := limited(t, 1000, time.Hour)
	askMany(t, a, "event:1", invitations)
	reached, hang, taken := make(chan struct{}, 100), make(chan struct{}), make(chan struct{})
	s := serveSMTP(t, false, func(s *server) {
		s.answer = func(to string) error {
			if strings.HasPrefix(to, "guest") {
				reached <- struct{}{}
				<-hang
			} else {
				close(taken)
			}
			return nil
		}
	})
	smtp, err := mail.NewSMTP("smtp://" + s.host)
	if err != nil {
		t.Fatal(err)
	}
	w, outbox := worker(a, smtp.Send)
	outbox.LimitGroups(limits.Rate{Count: 1000, Per: time.Hour})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, context.WithoutCancel(ctx))
	}()
	for range 8 { // as many as are sent at the same time
		<-reached
	}
	ask(t, a, "ann@example.org")
	outbox.Wake()
	<-taken
	stop()
	close(hang)
	<-ended
	var got []string
	for _, m := range s.messages() {
		got = append(got, m.to)
	}
	if want := "ann@example.org"; !slices.Contains(got, want) {
		t.Errorf("the server got mails to %q, want %s among them", got, want)
	}
	if marked := inState(t, a, mail.Sent); marked != int64(len(got)) {
		t.Errorf("%d are marked as sent, want %d: %q", marked, len(got), got)
	}
}
