package mail

import (
	"context"

	"gorm.io/gorm"
)

// Result is how a message ended.
type Result struct {
	Message

	End     string // Sent, Dropped or Failed
	Refused bool   // if Failed: the server refused it for good, such as for an unknown address
	To      string // the address of the composed mail; empty: not composed
}

// Follower is notified how messages of a kind ended, in the transaction tx that marks them. An error rolls back the
// marks: the messages are tried again.
type Follower func(ctx context.Context, tx *gorm.DB, results []Result) error

// Follow registers the Follower of a kind. It must be called before a worker runs, and panics if the kind already has
// one.
func (o *Outbox) Follow(kind string, follow Follower) {
	if _, taken := o.followers[kind]; taken {
		panic("mail: two followers of " + kind)
	}
	o.followers[kind] = follow
}

// notifyFollowers notifies the followers of the results.
func (o *Outbox) notifyFollowers(ctx context.Context, tx *gorm.DB, results []Result) error {
	byKind := map[string][]Result{}
	for _, r := range results {
		byKind[r.Kind] = append(byKind[r.Kind], r)
	}
	for kind, results := range byKind {
		if follow := o.followers[kind]; follow != nil {
			if err := follow(ctx, tx, results); err != nil {
				return err
			}
		}
	}
	return nil
}
