package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// How messages are sent.
const (
	batch       = 8                // at once, in each lane
	sendTimeout = 20 * time.Second // for composing and sending one
	markTimeout = 5 * time.Second  // for writing down how it went
	markAgain   = time.Second      // between attempts to write that down
	leaseTime   = 2 * time.Minute  // much more than the two together
	// between looks, unless woken: for other processes' messages and for attempts that are due
	pollTime  = 5 * time.Second
	sweepTime = time.Hour      // between clearings of the outbox
	maxAge    = 24 * time.Hour // of a message that could go out and did not: what it is about has passed
	keepTime  = 7 * 24 * time.Hour
)

// WorkerOptions are what a worker needs beside its database and its outbox.
type WorkerOptions struct {
	Transport Transport // nil: nothing is sent, and messages wait in the outbox
	From      netmail.Address
	Signature string // ends every mail: the name of who sends it, or empty
	Log       *slog.Logger
	Random    func() float64 // from [0, 1), spreads attempts; nil: math/rand
	Observer  Observer       // nil: nobody
	LastWords func()         // called where a panic may end the program, and wherever that goroutine ends; nil: nothing
}

// Observer is told of every attempt at a message. The attempt uses the context that BeginAttempt returns. At its end,
// the returned function is called with the new state of the message and the error, if any.
type Observer interface {
	BeginAttempt(ctx context.Context, m Message) (context.Context, func(state string, err error))
}

// Worker sends what lies in the outbox. Any number of them may work on a database.
type Worker struct {
	WorkerOptions

	db     *gorm.DB
	outbox *Outbox
	// to use the database: it is the sending that takes long, and writers would wait for each other on SQLite
	turns map[lane]*sync.Mutex
	tally tally
}

// NewWorker returns a worker that sends what was asked of the outbox, or of another on the same database.
func NewWorker(db *gorm.DB, outbox *Outbox, options WorkerOptions) *Worker {
	if options.Random == nil {
		options.Random = rand.Float64
	}
	if options.LastWords == nil {
		options.LastWords = func() {}
	}
	turns := map[lane]*sync.Mutex{}
	for _, l := range lanes {
		turns[l] = &sync.Mutex{} // one for all would let what waits for a lock in one lane keep the other waiting
	}
	return &Worker{WorkerOptions: options, db: db, outbox: outbox, turns: turns}
}

// Run sends until ctx ends; then it finishes what it has begun to send, and returns. When sending ends, it breaks that
// off, to be tried again by the next worker.
func (w *Worker) Run(ctx, sending context.Context) {
	w.report(ctx, w.Sweep(ctx))
	w.report(ctx, release(ctx, w.db))
	var group sync.WaitGroup
	defer group.Wait()
	for _, l := range lanes {
		group.Go(func() {
			defer w.LastWords()
			w.serve(ctx, sending, l)
		})
	}
	clearing := time.NewTicker(sweepTime)
	defer clearing.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-clearing.C:
			w.report(ctx, w.Sweep(ctx))
		}
	}
}

// serve is Run for one lane.
func (w *Worker) serve(ctx, sending context.Context, l lane) {
	poll := time.NewTicker(pollTime)
	defer poll.Stop()
	for ctx.Err() == nil {
		w.report(ctx, w.deliverDue(ctx, sending, l))
		select {
		case <-ctx.Done():
		case <-w.outbox.wake[l]:
		case <-poll.C:
		}
	}
}

// report logs what kept a worker from its work; it tries again at the next look.
func (w *Worker) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		w.Log.ErrorContext(ctx, "mail: the outbox cannot be worked on", "error", err)
	}
}

// Sweep clears the outbox: it gives up what nobody has sent for a day, and deletes what was finished a week ago.
func (w *Worker) Sweep(ctx context.Context) error {
	now := w.db.NowFunc()
	expired, err := w.outbox.expire(ctx, w.db, now.Add(-maxAge))
	if len(expired) > 0 {
		w.Log.ErrorContext(ctx, "mail: given up what could not be sent within a day", "messages", len(expired))
	}
	for _, kind := range expired {
		w.tally.add(kind, Failed)
	}
	if err != nil { // the next sweep deletes: most likely the database is away, which need not be said twice
		return err
	}
	return sweep(ctx, w.db, now.Add(-keepTime))
}

// Deliver makes one attempt at every message that is due, those of groups last. What is wrong with a message or with
// the mail server is logged and leads to another attempt; the error is that the database cannot be used.
func (w *Worker) Deliver(ctx context.Context) error {
	for _, l := range lanes {
		if err := w.deliverDue(ctx, context.WithoutCancel(ctx), l); err != nil {
			return err
		}
	}
	return nil
}

// deliverDue is Deliver for one lane until ctx ends, whose attempts break off when sending ends.
func (w *Worker) deliverDue(ctx, sending context.Context, l lane) error {
	if w.Transport == nil {
		return nil
	}
	for ctx.Err() == nil {
		messages, err := w.lease(ctx, l)
		if err != nil || len(messages) == 0 {
			return err
		}
		var group sync.WaitGroup
		for _, m := range messages {
			group.Go(func() {
				defer w.LastWords()
				w.deliver(sending, m)
			})
		}
		group.Wait()
	}
	return nil
}

// inTurn waits for the lane's turn to use the database, which the function that it returns ends.
func (w *Worker) inTurn(l lane) (end func()) {
	w.turns[l].Lock()
	return w.turns[l].Unlock
}

func (w *Worker) lease(ctx context.Context, l lane) ([]Message, error) {
	defer w.inTurn(l)()
	return w.outbox.lease(ctx, w.db, l, batch, leaseTime)
}

// deliver makes one attempt at a leased message and marks how it went.
func (w *Worker) deliver(ctx context.Context, m Message) {
	ended := func(string, error) {}
	if w.Observer != nil {
		ctx, ended = w.Observer.BeginAttempt(ctx, m)
	}
	limit, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	to, err := w.send(limit, m)
	v := judge(err, m.Attempts, w.Random())
	if v.state == Failed && ctx.Err() != nil { // it was not the last attempt's fault that it broke off
		v = verdict{Pending, firstDelay}
	}
	defer ended(v.state, err)
	w.tally.add(m.Kind, v.state)
	log := w.Log.With("id", m.ID, "kind", m.Kind, "attempt", m.Attempts)
	switch v.state {
	case Failed:
		log.ErrorContext(ctx, "mail: given up", "error", err)
	case Pending:
		log.WarnContext(ctx, "mail: not sent, to be tried again", "error", err, "after", v.delay.Round(time.Second))
	default:
		log.InfoContext(ctx, "mail: "+v.state)
	}
	result := Result{m, v.state, v.state == Failed && errors.Is(err, ErrRefused), to}
	if err := w.markInTime(ctx, result, v.delay); err != nil {
		log.ErrorContext(ctx, "mail: to be tried again when the lease is over", "error", err)
	}
}

// markInTime calls mark again while the database is unavailable, until the lease nearly ends or ctx does. If it fails,
// the message is leased once more, and sent a second time.
func (w *Worker) markInTime(ctx context.Context, r Result, delay time.Duration) error {
	held, cancel := context.WithTimeout(ctx, leaseTime-sendTimeout)
	defer cancel()
	for {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), markTimeout) // even if the time for sending is up
		err := w.mark(limit, r, delay)
		cancel()
		if !database.Unavailable(err) {
			return err
		}
		select {
		case <-held.Done():
			return err
		case <-time.After(markAgain):
		}
	}
}

// mark marks how an attempt ended: a Pending message is tried again after the delay.
func (w *Worker) mark(ctx context.Context, r Result, delay time.Duration) error {
	defer w.inTurn(lane(r.Bulk))()
	if r.End == Pending {
		return retry(ctx, w.db, r.Message, delay)
	}
	return w.outbox.finish(ctx, w.db, r)
}

// send composes a message and sends it. It returns the address to which it was to go, if it was composed.
func (w *Worker) send(ctx context.Context, m Message) (to string, err error) {
	content, err := w.compose(ctx, m)
	if err != nil {
		return "", err
	}
	if content.To == "" {
		content.To = m.Recipient
	}
	content.sign(w.Signature)
	return content.To, w.Transport.Send(ctx, Envelope{
		ID:      messageID(m, w.From.Address),
		Kind:    m.Kind,
		Date:    w.db.NowFunc(),
		From:    w.From,
		To:      netmail.Address{Name: content.Name, Address: content.To},
		Content: content,
	})
}

func (w *Worker) compose(ctx context.Context, m Message) (content Content, err error) {
	defer func() { // a mistake in a feature must not end the program
		if problem := recover(); problem != nil {
			err = fmt.Errorf("compose: panic: %v", problem)
		}
	}()
	defer w.inTurn(lane(m.Bulk))()
	err = w.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		content, err = w.outbox.composers[m.Kind](ctx, tx, m)
		return err
	})
	if err != nil {
		return Content{}, fmt.Errorf("compose: %w", err)
	}
	return content, nil
}

// messageID is the same for every attempt at a message, and another for every message. It tells nothing of how many
// there are. The domain is the sender's.
func messageID(m Message, from string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%d\x00%s\x00%s", m.ID, m.CreatedAt.UnixMicro(), m.Kind, m.Recipient))
	_, domain, _ := strings.Cut(from, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
