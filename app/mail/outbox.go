package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/limits"
)

// ErrDrop is what a Composer answers when there is nothing to send (any more), such as for an address that nobody has.
var ErrDrop = errors.New("nothing to send")

// Composer makes the mail for a message at the moment of sending. It runs in a transaction of its own, tx, which is
// committed before the mail goes out and rolled back on an error: what the mail speaks of, such as a code, is stored by
// then. It runs once per attempt. ErrDrop ends the message without a mail; with any other error it is tried again
// later.
type Composer func(ctx context.Context, tx *gorm.DB, m Message) (Content, error)

// Outbox takes the mails that features ask for. Features get it when they are made, and register what they send.
type Outbox struct {
	composers map[string]Composer
	followers map[string]Follower
	rate      limits.Rate            // of each group
	silent    bool                   // Silence
	wake      map[lane]chan struct{} // hold a token when there may be something new
}

// NewOutbox returns an outbox for which no kind is registered yet.
func NewOutbox() *Outbox {
	o := &Outbox{composers: map[string]Composer{}, followers: map[string]Follower{}, wake: map[lane]chan struct{}{}}
	for _, l := range lanes {
		o.wake[l] = make(chan struct{}, 1)
	}
	return o
}

// LimitGroups holds every group of mails (Request.Group) to a rate. It must be called before a worker runs.
func (o *Outbox) LimitGroups(rate limits.Rate) { o.rate = rate }

// Silence makes Enqueue check what it is given and store nothing: nobody gets a mail.
func (o *Outbox) Silence() { o.silent = true }

// Silent reports whether the outbox stores nothing.
func (o *Outbox) Silent() bool { return o.silent }

// Compose registers what composes the mails of a kind, such as password_reset, of at most 50 bytes. It must be called
// before a worker runs. It panics if the kind is registered already.
func (o *Outbox) Compose(kind string, compose Composer) {
	if _, taken := o.composers[kind]; taken {
		panic("mail: two composers for " + kind)
	}
	o.composers[kind] = compose
}

// Request is what a feature wants to have sent.
type Request struct {
	Kind      string // one that is registered
	Recipient string // a canonical address (text.CanonicalEmail), or what the composer finds one by, such as a user's id
	Language  string // a language tag
	Data      any    // for the composer, stored as JSON: no secrets

	// Group names what many mails have in common, such as their event, in at most 50 bytes. The mails of a group keep
	// to LimitGroups, and no mail without a group, such as one that somebody waits for to sign in, ever waits for them.
	Group string
}

// enqueueBatch is how many rows are stored at once.
const enqueueBatch = 500

// Enqueue stores requests in tx, the transaction of what causes the mails. Call Wake after the commit.
func (o *Outbox) Enqueue(ctx context.Context, tx *gorm.DB, requests ...Request) error {
	if len(requests) == 0 {
		return nil
	}
	messages := make([]Message, len(requests))
	for i, r := range requests {
		if o.composers[r.Kind] == nil {
			return fmt.Errorf("enqueue a mail: no composer is registered for the kind %q", r.Kind)
		}
		data, err := json.Marshal(r.Data)
		if err != nil {
			return fmt.Errorf("enqueue a mail (%s): %w", r.Kind, err)
		}
		messages[i] = Message{
			Kind: r.Kind, Recipient: r.Recipient, Language: r.Language, Data: string(data),
			Group: r.Group, Bulk: r.Group != "", State: Pending, DueAt: tx.NowFunc(), CreatedAt: tx.NowFunc(),
		}
	}
	if o.silent {
		return nil
	}
	if err := tx.WithContext(ctx).CreateInBatches(messages, enqueueBatch).Error; err != nil {
		return fmt.Errorf("enqueue mails (%s): %w", requests[0].Kind, err)
	}
	return nil
}

// Recall deletes, in tx, the messages of a kind to a recipient that nobody has begun to send, and reports whether there
// were any.
func (*Outbox) Recall(ctx context.Context, tx *gorm.DB, kind, recipient string) (bool, error) {
	deleted := tx.WithContext(ctx).
		Where("kind = ? AND recipient = ? AND state = ? AND attempts = 0", kind, recipient, Pending).Delete(&Message{})
	if deleted.Error != nil {
		return false, fmt.Errorf("recall a mail (%s): %w", kind, deleted.Error)
	}
	return deleted.RowsAffected > 0, nil
}

// Wake makes this process's worker look at once for what is to be sent; without it, it looks every few seconds. It
// never waits.
func (o *Outbox) Wake() {
	for _, l := range lanes {
		select {
		case o.wake[l] <- struct{}{}:
		default: // it looks soon anyway
		}
	}
}

// kinds are those that can be composed here. Others belong to a newer program on the same database.
func (o *Outbox) kinds() []string { return slices.Sorted(maps.Keys(o.composers)) }
