package mail

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// lane is the messages with or without a group. Each lane is sent separately, so that single messages never wait for
// thousands of others.
type lane bool

const (
	single lane = false // without a group
	bulk   lane = true  // with a group
)

var lanes = []lane{single, bulk}

// lease returns up to limit due messages of the lane and hides them from other workers for the duration. SKIP LOCKED
// lets workers pass each other on PostgreSQL; on SQLite the transaction is the only writer.
func (o *Outbox) lease(
	ctx context.Context, db *gorm.DB, l lane, limit int, duration time.Duration,
) (messages []Message, err error) {
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		now := tx.NowFunc()
		messages, err = o.pick(tx, l, limit, now)
		if err != nil || len(messages) == 0 {
			return err
		}
		return startAttempt(tx, messages, now, now.Add(duration))
	})
	if err != nil {
		return nil, fmt.Errorf("lease mails: %w", err)
	}
	return messages, nil
}

// pick locks up to limit due messages of the lane that are within the limits on groups.
func (o *Outbox) pick(tx *gorm.DB, l lane, limit int, now time.Time) ([]Message, error) {
	limited := l == bulk && o.rate.Count > 0
	if limited {
		if err := lockGroups(tx); err != nil {
			return nil, err
		}
	}
	kinds := o.kinds()
	for { // repeats for each group over its limit
		var messages []Message
		err := due(tx, l, kinds, now).Limit(limit).Find(&messages).Error
		if err != nil || len(messages) == 0 || !limited {
			return messages, err
		}
		within, err := o.withinLimits(tx, messages, now)
		if err != nil || len(within) > 0 {
			return within, err
		}
	}
}

// skipLocked locks the messages that a query finds and skips those that are locked already.
var skipLocked = clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}

// due starts a query for the due messages of a lane, the longest waiting first.
func due(tx *gorm.DB, l lane, kinds []string, now time.Time) *gorm.DB {
	return tx.Clauses(skipLocked).Where("state = ? AND bulk = ? AND due_at <= ? AND kind IN ?", Pending, bool(l),
		now, kinds).
		Order("due_at").Order("id")
}

// startAttempt counts an attempt in the messages and their rows; the lease ends at until.
func startAttempt(tx *gorm.DB, messages []Message, now, until time.Time) error {
	ids := make([]int64, len(messages))
	for i := range messages {
		messages[i].Attempts++
		messages[i].DueAt = until
		ids[i] = messages[i].ID
	}
	return tx.Model(&Message{}).Where("id IN ?", ids).
		UpdateColumns(map[string]any{"attempts": gorm.Expr("attempts + 1"), "due_at": until, "begun_at": now}).Error
}

// finish marks a leased message with its End and notifies its follower, unless the lease was lost. A dropped message
// does not count against the limit on its group.
func (o *Outbox) finish(ctx context.Context, db *gorm.DB, r Result) error {
	columns := map[string]any{"state": r.End, "finished_at": db.NowFunc()}
	if r.End == Dropped {
		columns["begun_at"] = nil
	}
	return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		marked, err := mark(ctx, tx, r.Message, columns)
		if err != nil || !marked {
			return err
		}
		return o.notifyFollowers(ctx, tx, []Result{r})
	})
}

// retry releases a leased message to be tried again after the delay. Until then it does not count against the limit on
// its group.
func retry(ctx context.Context, db *gorm.DB, m Message, delay time.Duration) error {
	_, err := mark(ctx, db, m, map[string]any{"due_at": db.NowFunc().Add(delay), "begun_at": nil})
	return err
}

// mark updates a leased message and reports whether the lease still held.
func mark(ctx context.Context, db *gorm.DB, m Message, columns map[string]any) (bool, error) {
	done := db.WithContext(ctx).Model(&Message{}).
		Where("id = ? AND state = ? AND attempts = ?", m.ID, Pending, m.Attempts).UpdateColumns(columns)
	if done.Error != nil {
		return false, fmt.Errorf("mark mail %d: %w", m.ID, done.Error)
	}
	return done.RowsAffected > 0, nil
}

// LimitReached reports whether the message's recipient has reached the limit of most mails of its kind within span,
// counting those about to be sent. It protects mailboxes from being flooded, no matter who requests the mails.
func LimitReached(ctx context.Context, tx *gorm.DB, m Message, most int, span time.Duration) (bool, error) {
	var others []int64
	err := tx.WithContext(ctx).Model(&Message{}).Where("recipient = ? AND kind = ? AND id <> ?", m.Recipient,
		m.Kind, m.ID).
		Where("state = ? AND finished_at > ? OR state = ? AND id < ?", Sent, tx.NowFunc().Add(-span), Pending, m.ID).
		Limit(most).Pluck("id", &others).Error
	if err != nil {
		return false, fmt.Errorf("count the mails to a recipient: %w", err)
	}
	return len(others) >= most, nil
}

// Newest returns up to limit messages of a kind to a recipient, the newest first, without dropped ones.
func Newest(ctx context.Context, tx *gorm.DB, kind, recipient string, limit int) (messages []Message, err error) {
	err = tx.WithContext(ctx).Where("recipient = ? AND kind = ? AND state <> ?", recipient, kind, Dropped).
		Order("id DESC").Limit(limit).Find(&messages).Error
	if err != nil {
		return nil, fmt.Errorf("find the last mails to a recipient (%s): %w", kind, err)
	}
	return messages, nil
}

// expire gives up messages that have been waiting since before the given time, counted from when they were enqueued or
// from the end of the last delay by the limit on their group, and notifies the followers. It returns the kinds of the
// messages.
func (o *Outbox) expire(ctx context.Context, db *gorm.DB, before time.Time) (kinds []string, err error) {
	var messages []Message
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		returning := clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "kind"}, {Name: "recipient"}}}
		err := tx.Model(&messages).Clauses(returning).
			Where("state = ? AND COALESCE(held_until, created_at) < ?", Pending, before).
			UpdateColumns(map[string]any{"state": Failed, "finished_at": tx.NowFunc()}).Error
		if err != nil {
			return err
		}
		results := make([]Result, len(messages))
		for i, m := range messages {
			results[i] = Result{Message: m, End: Failed}
		}
		return o.notifyFollowers(ctx, tx, results)
	})
	if err != nil {
		return nil, fmt.Errorf("give up old mails: %w", err)
	}
	for _, m := range messages {
		kinds = append(kinds, m.Kind)
	}
	return kinds, nil
}

// sweep deletes messages finished before the given time.
func sweep(ctx context.Context, db *gorm.DB, before time.Time) error {
	if err := db.WithContext(ctx).Where("finished_at < ?", before).Delete(&Message{}).Error; err != nil {
		return fmt.Errorf("delete old mails: %w", err)
	}
	return nil
}
