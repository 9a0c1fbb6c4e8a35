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

// ErrDrop is returned by a Composer if the mail is not, or no longer, to be sent, such as to an unknown address.
var ErrDrop = errors.New("nothing to send")

// Composer composes the mail for a message at the moment of sending, once per attempt. Its transaction tx is committed
// before the mail is sent, so that what the mail refers to, such as a code, is stored; it is rolled back on an error.
// ErrDrop finishes the message without a mail; other errors are retried.
type Composer func(ctx context.Context, tx *gorm.DB, m Message) (Content, error)

// Outbox stores the mails that features enqueue. Features register their kinds of mails with it.
type Outbox struct {
	composers map[string]Composer
	followers map[string]Follower
	rate      limits.Rate            // per group
	silent    bool                   // set by Silence
	wake      map[lane]chan struct{} // with a token when there may be new messages
}

// NewOutbox returns an outbox without registered kinds.
func NewOutbox() *Outbox {
	o := &Outbox{composers: map[string]Composer{}, followers: map[string]Follower{}, wake: map[lane]chan struct{}{}}
	for _, l := range lanes {
		o.wake[l] = make(chan struct{}, 1)
	}
	return o
}

// LimitGroups limits the rate of every group of mails (Request.Group). It must be called before a worker runs.
func (o *Outbox) LimitGroups(rate limits.Rate) { o.rate = rate }

// Silence makes Enqueue check requests without storing them.
func (o *Outbox) Silence() { o.silent = true }

// Silent reports whether Silence was called.
func (o *Outbox) Silent() bool { return o.silent }

// Compose registers the composer of a kind of mail, such as password_reset, of at most 50 bytes. It must be called
// before a worker runs. It panics if the kind is already registered.
func (o *Outbox) Compose(kind string, compose Composer) {
	if _, taken := o.composers[kind]; taken {
		panic("mail: two composers for " + kind)
	}
	o.composers[kind] = compose
}

// Request is a mail to enqueue.
type Request struct {
	Kind      string // registered by Compose
	Recipient string // a canonical address (text.CanonicalEmail) or a key for the composer, such as a user ID
	Language  string // a language tag
	Data      any    // for the composer, stored as JSON; no secrets

	// Group names what the mails of a bulk mailing have in common, such as their event, in at most 50 bytes. LimitGroups
	// limits its rate. Mails without a group never wait for mails with one.
	Group string
}

// enqueueBatch is how many rows one statement stores.
const enqueueBatch = 500

// Enqueue stores requests in tx, the transaction of the change that causes the mails. Call Wake after the commit.
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

// Recall deletes in tx the messages of a kind to a recipient that have not been attempted, and reports whether there
// were any.
func (*Outbox) Recall(ctx context.Context, tx *gorm.DB, kind, recipient string) (bool, error) {
	deleted := tx.WithContext(ctx).
		Where("kind = ? AND recipient = ? AND state = ? AND attempts = 0", kind, recipient, Pending).Delete(&Message{})
	if deleted.Error != nil {
		return false, fmt.Errorf("recall a mail (%s): %w", kind, deleted.Error)
	}
	return deleted.RowsAffected > 0, nil
}

// Waiting returns a query for the recipients of messages of a kind that have not been attempted.
func (*Outbox) Waiting(db *gorm.DB, kind string) *gorm.DB {
	return db.Model(&Message{}).Select("recipient").Where("kind = ? AND state = ? AND attempts = 0", kind, Pending)
}

// Wake makes this process's worker look for new messages immediately instead of within a few seconds. It never blocks.
func (o *Outbox) Wake() {
	for _, l := range lanes {
		select {
		case o.wake[l] <- struct{}{}:
		default: // already woken
		}
	}
}

// kinds returns the registered kinds. Messages of other kinds belong to a newer version of the program.
func (o *Outbox) kinds() []string { return slices.Sorted(maps.Keys(o.composers)) }
