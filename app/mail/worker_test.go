package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// transport is a function that implements mail.Transport.
type transport func(ctx context.Context, e mail.Envelope) error

func (f transport) Send(ctx context.Context, e mail.Envelope) error { return f(ctx, e) }

// worker returns another worker on the application's database, and its outbox, which can compose greetings.
func worker(a *apptest.App, send transport) (*mail.Worker, *mail.Outbox) {
	outbox := mail.NewOutbox()
	greet(outbox)
	return mail.NewWorker(a.DB, outbox, mail.WorkerOptions{
		Transport: send, From: a.Config.MailFrom, Log: a.Logger, Random: func() float64 { return 0.5 },
	}), outbox
}

func deliver(t *testing.T, w *mail.Worker) {
	t.Helper()
	if err := w.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestTwoWorkers checks that each mail is sent once if two workers find it at the same time.
func TestTwoWorkers(t *testing.T) {
	t.Parallel()
	const messages = 200
	a := apptest.New(t, func(c *app.Config) { c.DatabasePoolSize = 10 })
	greet(a.Outbox)
	for i := range messages {
		ask(t, a, fmt.Sprintf("guest%d@example.org", i))
	}
	var mutex sync.Mutex
	sent, by := map[string]int{}, [2]int{}
	var group sync.WaitGroup
	for i := range 2 {
		w, _ := worker(a, func(_ context.Context, e mail.Envelope) error {
			mutex.Lock()
			defer mutex.Unlock()
			sent[e.To.Address+e.ID]++
			by[i]++
			return nil
		})
		group.Go(func() {
			if err := w.Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(sent) != messages || by[0]+by[1] != messages {
		t.Errorf("sent %d different messages, %v by the workers; want %d, each once", len(sent), by, messages)
	}
	t.Logf("the workers sent %v", by)
}

// TestDeadWorker checks what happens if a worker dies after it has leased a message. No other worker gets the message
// until the lease ends; then the next one sends it, and the first one, if it comes back, neither marks it any more nor
// notifies its follower.
func TestDeadWorker(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]error{"sent": nil, "failed": errors.New("too late"), "refused": mail.ErrRefused} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testDeadWorker(t, late)
		})
	}
}

// testDeadWorker is TestDeadWorker for a worker whose transport returns the error late.
func testDeadWorker(t *testing.T, late error) {
	t.Helper()
	a := apptest.New(t)
	greet(a.Outbox)
	ask(t, a, "ann@example.org")
	hang := make(chan struct{})
	reached := make(chan string)
	dying, outbox := worker(a, func(_ context.Context, e mail.Envelope) error {
		reached <- e.ID
		<-hang
		return late
	})
	outbox.Follow("greeting", func(_ context.Context, _ *gorm.DB, results []mail.Result) error {
		t.Errorf("after the lease, the follower was passed %+v, want no call", results)
		return nil
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = dying.Deliver(t.Context())
	}()
	id := <-reached
	if sent := a.Mails(t); len(sent) != 0 {
		t.Fatalf("sent %+v during another's lease, want none", sent)
	}
	a.Clock.Advance(time.Hour)
	sent := a.Mails(t)
	if len(sent) != 1 || sent[0].ID != id {
		t.Errorf("after the lease: got %+v, want one with the ID %s", sent, id)
	}
	close(hang)
	<-ended
	if m := state(t, a); m.State != mail.Sent || m.Attempts != 2 {
		t.Errorf("got the state %s after %d attempts, want %s after %d", m.State, m.Attempts, mail.Sent, 2)
	}
}

// TestServerTroubles uses an SMTP server that never accepts one recipient, and accepts another at the third attempt. It
// checks that the others get their mails nevertheless.
func TestServerTroubles(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	var busy int
	s := serveSMTP(t, false, func(s *server) {
		s.answer = func(to string) error {
			switch to {
			case "unknown@example.org":
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: to}
			case "busy@example.org":
				if busy++; busy < 3 {
					return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: to}
				}
			}
			return nil
		}
	})
	server, err := mail.NewSMTP("smtp://" + s.host)
	if err != nil {
		t.Fatal(err)
	}
	greet(a.Outbox)
	for _, name := range []string{"unknown", "busy", "ann", "bob"} {
		ask(t, a, name+"@example.org")
	}
	w, _ := worker(a, server.Send)
	for i, want := range []int{2, 2, 3, 3} {
		deliver(t, w)
		deliver(t, w) // nothing is due again yet
		if got := len(s.messages()); got != want {
			t.Errorf("after %d attempts the server has %d messages, want %d", i+1, got, want)
		}
		a.Clock.Advance(time.Minute)
	}
	var failed, sent int64
	a.DB.Model(&mail.Message{}).Where("state = ? AND attempts = 1", mail.Failed).Count(&failed)
	a.DB.Model(&mail.Message{}).Where("state = ?", mail.Sent).Count(&sent)
	if failed != 1 || sent != 3 {
		t.Errorf("%d failed, %d sent; want %d and %d", failed, sent, 1, 3)
	}
	log := a.Log.String()
	if got := strings.Count(log, "mail: sent"); got != 3 {
		t.Errorf("logged %d mails as sent, want %d:\n%s", got, 3, log)
	}
	for _, answer := range []string{"550 5.1.1", "451 4.7.1"} {
		if !strings.Contains(log, answer) {
			t.Errorf("the log lacks the server's reply %q:\n%s", answer, log)
		}
	}
	for _, private := range []string{"@example.org", "Hello"} {
		if strings.Contains(log, private) {
			t.Errorf("the log shows %q, of an address or content:\n%s", private, log)
		}
	}
}

func TestGivesUp(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	ask(t, a, "ann@example.org")
	attempts := 0
	w, _ := worker(a, func(context.Context, mail.Envelope) error {
		attempts++
		return errors.New("the server is away")
	})
	began := a.Clock.Now()
	for state(t, a).State == mail.Pending && attempts < 100 {
		deliver(t, w)
		a.Clock.Advance(time.Minute)
	}
	took := a.Clock.Now().Sub(began)
	if m := state(t, a); m.State != mail.Failed || attempts != 12 || took < 4*time.Hour || took > 6*time.Hour {
		t.Errorf("got the state %s after %d attempts and %v, want %s after %d and between %v and %v", m.State, attempts, took,
			mail.Failed, 12, 4*time.Hour, 6*time.Hour)
	}
	if log, line := a.Log.String(), "mail: given up"; strings.Count(log, line) != 1 {
		t.Errorf("got %q %d times in the log, want once:\n%s", line, strings.Count(log, line), log)
	}
}

// TestNewerProgram checks that a program leaves kinds that it does not know to programs that do.
func TestNewerProgram(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	newer, outbox := worker(a, func(context.Context, mail.Envelope) error { return nil })
	request := mail.Request{Kind: "greeting", Recipient: "ann@example.org"}
	if err := outbox.Enqueue(t.Context(), a.DB, request); err != nil {
		t.Fatal(err)
	}
	if sent, attempts := a.Mails(t), state(t, a).Attempts; len(sent) != 0 || attempts != 0 {
		t.Errorf("sent %+v in %d attempts, want none in %d", sent, attempts, 0)
	}
	deliver(t, newer)
	if m := state(t, a); m.State != mail.Sent {
		t.Errorf("got %+v, want the state %s", m, mail.Sent)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	ask(t, a, "ann@example.org")
	sweep := func(want string, after time.Duration) {
		t.Helper()
		a.Clock.Advance(after)
		if err := a.Mailer.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := state(t, a); m.State != want {
			t.Errorf("got the state %s, want %s", m.State, want)
		}
	}
	sweep(mail.Pending, 24*time.Hour)
	sweep(mail.Failed, time.Second)
	sweep(mail.Failed, 7*24*time.Hour)
	a.Clock.Advance(time.Second)
	if err := a.Mailer.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var count int64
	if err := a.DB.Model(&mail.Message{}).Count(&count).Error; err != nil || count != 0 {
		t.Errorf("got %d messages, %v; want %d, no error", count, err, 0)
	}
	if log, line := a.Log.String(), "given up"; strings.Count(log, line) != 1 {
		t.Errorf("got %q %d times in the log, want once:\n%s", line, strings.Count(log, line), log)
	}
}

// TestNobodyWaits checks that requests are served and mails are enqueued while the mail server hangs and as many
// messages as possible are being sent.
func TestNobodyWaits(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.DatabasePoolSize = 2 })
	greet(a.Outbox)
	hang := make(chan struct{})
	reached := make(chan struct{}, 100)
	w, outbox := worker(a, func(context.Context, mail.Envelope) error {
		reached <- struct{}{}
		<-hang
		return nil
	})
	for i := range 20 {
		ask(t, a, fmt.Sprintf("guest%d@example.org", i))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, context.WithoutCancel(ctx))
	}()
	for range 8 {
		<-reached
	}
	a.Register(t, "ann@example.org")
	for range 20 {
		ask(t, a, "ann@example.org")
		outbox.Wake()
	}
	stop()
	close(hang)
	<-ended
}

// TestRun checks that a worker sends mails when it is woken, and finishes what it has begun when it is stopped.
func TestRun(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	greet(a.Outbox)
	reached, hang := make(chan string), make(chan struct{})
	w, outbox := worker(a, func(ctx context.Context, e mail.Envelope) error {
		reached <- e.To.Address
		<-hang
		return ctx.Err()
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, context.WithoutCancel(ctx))
	}()
	ask(t, a, "ann@example.org")
	outbox.Wake()
	outbox.Wake() // does not wait
	if to, want := <-reached, "ann@example.org"; to != want {
		t.Errorf("sent to %s, want %s", to, want)
	}
	stop()
	select {
	case <-ended:
		t.Error("Run returned in the middle of a message")
	default:
	}
	close(hang)
	<-ended
	if m := state(t, a); m.State != mail.Sent {
		t.Errorf("got %+v, want the state %s", m, mail.Sent)
	}
}
