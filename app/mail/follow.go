package mail

import (
	"context"

	"gorm.io/gorm"
)

// Result says how a message ended.
type Result struct {
	Message

	End     string // Sent, Dropped or Failed
	Refused bool   // of a Failed one: the server will never take it, as for an address that it does not know
	To      string // the address that it was made for; empty if none was made
}

// Follower is told how messages of a kind ended, in the transaction tx that marks them. An error undoes the marks: the
// messages are tried again.
type Follower func(ctx context.Context, tx *gorm.DB, results []Result) error

// Follow registers the Follower of a kind of messages. It must be called before a worker runs, and panics if the kind
// has one already.
func (o *Outbox) Follow(kind string, follow Follower) {
	if _, taken := o.followers[kind]; taken {
		panic("mail: two followers of " + kind)
	}
	o.followers[kind] = follow
}

// tell tells the followers how messages ended.
func (o *Outbox) tell(ctx context.Context, tx *gorm.DB, results []Result) error {
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
