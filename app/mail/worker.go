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

// Limits of sending.
const (
	leaseBatch        = 8                // messages at a time, per lane
	sendTimeout       = 20 * time.Second // to compose and send a message
	markTimeout       = 5 * time.Second  // to mark a message
	markRetryInterval = time.Second      // between attempts to mark a message
	leaseDuration     = 2 * time.Minute  // must exceed sendTimeout + markTimeout by far
	// between queries, unless woken: finds other processes' messages, and retries
	pollInterval  = 5 * time.Second
	sweepInterval = time.Hour      // between sweeps
	maxAge        = 24 * time.Hour // older pending messages are given up
	retention     = 7 * 24 * time.Hour
)

// WorkerOptions are what a worker needs besides its database and outbox.
type WorkerOptions struct {
	Transport Transport // nil: messages stay in the outbox
	From      netmail.Address
	Signature string // the sender's name at the end of every mail; may be empty
	Log       *slog.Logger
	Random    func() float64 // in [0, 1), spreads retries; nil: math/rand
	Observer  Observer       // may be nil
	LastWords func()         // deferred in every goroutine, for use before a panic ends the program; may be nil
}

// Observer observes every attempt. The attempt uses the context that BeginAttempt returns, and at its end calls the
// returned function with the message's new state and the error, if any.
type Observer interface {
	BeginAttempt(ctx context.Context, m Message) (context.Context, func(state string, err error))
}

// Worker sends the messages of an outbox. Any number of workers may share a database.
type Worker struct {
	WorkerOptions

	db     *gorm.DB
	outbox *Outbox
	// held while using the database: that costs little, as sending is the slow part and SQLite has only one writer anyway
	laneLocks map[lane]*sync.Mutex
	tally     tally
}

// NewWorker returns a worker that sends the messages enqueued by outbox or by another on the same database.
func NewWorker(db *gorm.DB, outbox *Outbox, options WorkerOptions) *Worker {
	if options.Random == nil {
		options.Random = rand.Float64
	}
	if options.LastWords == nil {
		options.LastWords = func() {}
	}
	laneLocks := map[lane]*sync.Mutex{}
	for _, l := range lanes {
		laneLocks[l] = &sync.Mutex{} // per lane: a lock that one lane waits for must not stop the other
	}
	return &Worker{WorkerOptions: options, db: db, outbox: outbox, laneLocks: laneLocks}
}

// Run sends until ctx ends, completes the attempts in progress, and returns. If sending ends, it aborts them; another
// worker tries again.
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
	sweeps := time.NewTicker(sweepInterval)
	defer sweeps.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweeps.C:
			w.report(ctx, w.Sweep(ctx))
		}
	}
}

// serve is Run for one lane.
func (w *Worker) serve(ctx, sending context.Context, l lane) {
	poll := time.NewTicker(pollInterval)
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

// report logs an error of the outbox; the next poll tries again.
func (w *Worker) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		w.Log.ErrorContext(ctx, "mail: the outbox is unavailable", "error", err)
	}
}

// Sweep gives up messages that could not be sent for a day, and deletes those that were finished a week ago.
func (w *Worker) Sweep(ctx context.Context) error {
	now := w.db.NowFunc()
	expired, err := w.outbox.expire(ctx, w.db, now.Add(-maxAge))
	if len(expired) > 0 {
		w.Log.ErrorContext(ctx, "mail: given up after a day", "messages", len(expired))
	}
	for _, kind := range expired {
		w.tally.add(kind, Failed)
	}
	if err != nil { // probably the database is down: leave the rest to the next sweep
		return err
	}
	return sweep(ctx, w.db, now.Add(-retention))
}

// Deliver makes one attempt at every due message, those with groups last. Failures of messages and of the mail server
// are logged and retried; the returned error means that the database failed.
func (w *Worker) Deliver(ctx context.Context) error {
	for _, l := range lanes {
		if err := w.deliverDue(ctx, context.WithoutCancel(ctx), l); err != nil {
			return err
		}
	}
	return nil
}

// deliverDue is Deliver for one lane, until ctx ends. Attempts are aborted when sending ends.
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

// lockLane locks the lane's use of the database and returns the function that unlocks it.
func (w *Worker) lockLane(l lane) (end func()) {
	w.laneLocks[l].Lock()
	return w.laneLocks[l].Unlock
}

func (w *Worker) lease(ctx context.Context, l lane) ([]Message, error) {
	defer w.lockLane(l)()
	return w.outbox.lease(ctx, w.db, l, leaseBatch, leaseDuration)
}

// deliver makes one attempt at a leased message and marks the result.
func (w *Worker) deliver(ctx context.Context, m Message) {
	ended := func(string, error) {}
	if w.Observer != nil {
		ctx, ended = w.Observer.BeginAttempt(ctx, m)
	}
	sendCtx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	to, err := w.send(sendCtx, m)
	v := judge(err, m.Attempts, w.Random())
	if v.state == Failed && ctx.Err() != nil { // aborted by shutdown, not failed
		v = verdict{Pending, firstDelay}
	}
	defer ended(v.state, err)
	w.tally.add(m.Kind, v.state)
	log := w.Log.With("id", m.ID, "kind", m.Kind, "attempt", m.Attempts)
	switch v.state {
	case Failed:
		log.ErrorContext(ctx, "mail: given up", "error", err)
	case Pending:
		log.WarnContext(ctx, "mail: not sent, will retry", "error", err, "after", v.delay.Round(time.Second))
	default:
		log.InfoContext(ctx, "mail: "+v.state)
	}
	result := Result{m, v.state, v.state == Failed && errors.Is(err, ErrRefused), to}
	if err := w.markWithRetry(ctx, result, v.delay); err != nil {
		log.ErrorContext(ctx, "mail: not marked, will be sent again after the lease", "error", err)
	}
}

// markWithRetry calls mark again while the database is unavailable, until the lease nearly ends or ctx does. If it
// fails, the message is leased again and sent a second time.
func (w *Worker) markWithRetry(ctx context.Context, r Result, delay time.Duration) error {
	leased, cancel := context.WithTimeout(ctx, leaseDuration-sendTimeout)
	defer cancel()
	for {
		markCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markTimeout) // outlives ctx
		err := w.mark(markCtx, r, delay)
		cancel()
		if !database.Unavailable(err) {
			return err
		}
		select {
		case <-leased.Done():
			return err
		case <-time.After(markRetryInterval):
		}
	}
}

// mark stores the result of an attempt; a Pending message is due again after the delay.
func (w *Worker) mark(ctx context.Context, r Result, delay time.Duration) error {
	defer w.lockLane(lane(r.Bulk))()
	if r.End == Pending {
		return retry(ctx, w.db, r.Message, delay)
	}
	return w.outbox.finish(ctx, w.db, r)
}

// send composes and sends a message. It returns the recipient's address, or "" if composing failed.
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
	defer func() { // a composer's bug must not end the program
		if problem := recover(); problem != nil {
			err = fmt.Errorf("compose: panic: %v", problem)
		}
	}()
	defer w.lockLane(lane(m.Bulk))()
	err = w.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		content, err = w.outbox.composers[m.Kind](ctx, tx, m)
		return err
	})
	if err != nil {
		return Content{}, fmt.Errorf("compose: %w", err)
	}
	return content, nil
}

// messageID returns the Message-ID: unique to the message, the same for all its attempts, with the sender's domain. It
// does not reveal how many messages there are.
func messageID(m Message, from string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%d\x00%s\x00%s", m.ID, m.CreatedAt.UnixMicro(), m.Kind, m.Recipient))
	_, domain, _ := strings.Cut(from, "@")
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
