package mail

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// lane is which messages a lease takes: those of groups, of which there may be thousands, are sent apart from all
// others, so that these never wait for them.
type lane bool

const (
	single lane = false // of no group
	bulk   lane = true
)

var lanes = []lane{single, bulk}

// lease takes up to limit messages of the lane that are due, for the given time: nobody else gets them before it is
// over. SKIP LOCKED lets workers pass each other on PostgreSQL; on SQLite the transaction is the only writer.
func (o *Outbox) lease(
	ctx context.Context, db *gorm.DB, l lane, limit int, duration time.Duration,
) (messages []Message, err error) {
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		now := tx.NowFunc()
		messages, err = o.pick(tx, l, limit, now)
		if err != nil || len(messages) == 0 {
			return err
		}
		return begin(tx, messages, now, now.Add(duration))
	})
	if err != nil {
		return nil, fmt.Errorf("lease mails: %w", err)
	}
	return messages, nil
}

// pick locks up to limit messages of the lane that are due and, if they are of groups, within the limits on those.
func (o *Outbox) pick(tx *gorm.DB, l lane, limit int, now time.Time) ([]Message, error) {
	limited := l == bulk && o.rate.Count > 0
	if limited {
		if err := lockGroups(tx); err != nil {
			return nil, err
		}
	}
	kinds := o.kinds()
	for { // once more for each group that is over its limit
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

// skipLocked locks the messages that a query finds, except those that are locked already.
var skipLocked = clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}

// due begins a query for the messages of a lane that are due, those that have waited longest first.
func due(tx *gorm.DB, l lane, kinds []string, now time.Time) *gorm.DB {
	return tx.Clauses(skipLocked).Where("state = ? AND bulk = ? AND due_at <= ? AND kind IN ?", Pending, bool(l),
		now, kinds).
		Order("due_at").Order("id")
}

// begin notes in the messages and in their rows that an attempt begins, whose lease ends at the given time.
func begin(tx *gorm.DB, messages []Message, now, until time.Time) error {
	ids := make([]int64, len(messages))
	for i := range messages {
		messages[i].Attempts++
		messages[i].DueAt = until
		ids[i] = messages[i].ID
	}
	return tx.Model(&Message{}).Where("id IN ?", ids).
		UpdateColumns(map[string]any{"attempts": gorm.Expr("attempts + 1"), "due_at": until, "begun_at": now}).Error
}

// finish marks a leased message with its End and tells its follower, unless the lease has passed to another. A dropped
// one, of which nothing went out, does not count against the limit on its group.
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
		return o.tell(ctx, tx, []Result{r})
	})
}

// retry gives a leased message back, to be tried again after the delay. Until then it does not count against the limit
// on its group.
func retry(ctx context.Context, db *gorm.DB, m Message, delay time.Duration) error {
	_, err := mark(ctx, db, m, map[string]any{"due_at": db.NowFunc().Add(delay), "begun_at": nil})
	return err
}

// mark changes a leased message and reports whether the lease still held.
func mark(ctx context.Context, db *gorm.DB, m Message, columns map[string]any) (bool, error) {
	done := db.WithContext(ctx).Model(&Message{}).
		Where("id = ? AND state = ? AND attempts = ?", m.ID, Pending, m.Attempts).UpdateColumns(columns)
	if done.Error != nil {
		return false, fmt.Errorf("mark mail %d: %w", m.ID, done.Error)
	}
	return done.RowsAffected > 0, nil
}

// Enough reports whether the recipient has been sent most mails of the message's kind, or is about to be, in the span
// of time before now: no matter who asked for them, nobody's mailbox should fill up.
func Enough(ctx context.Context, tx *gorm.DB, m Message, most int, span time.Duration) (bool, error) {
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

// Newest returns the messages of a kind to a recipient that were asked for last, the newest first, at most limit. Those
// that proved to be nothing to send are left out.
func Newest(ctx context.Context, tx *gorm.DB, kind, recipient string, limit int) (messages []Message, err error) {
	err = tx.WithContext(ctx).Where("recipient = ? AND kind = ? AND state <> ?", recipient, kind, Dropped).
		Order("id DESC").Limit(limit).Find(&messages).Error
	if err != nil {
		return nil, fmt.Errorf("find the last mails to a recipient (%s): %w", kind, err)
	}
	return messages, nil
}

// expire gives up what was asked for, or last held back by the limit on its group, before the given time, and tells the
// followers. It returns the kinds of those messages.
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
		return o.tell(ctx, tx, results)
	})
	if err != nil {
		return nil, fmt.Errorf("give up old mails: %w", err)
	}
	for _, m := range messages {
		kinds = append(kinds, m.Kind)
	}
	return kinds, nil
}

// sweep deletes what was finished before the given time.
func sweep(ctx context.Context, db *gorm.DB, before time.Time) error {
	if err := db.WithContext(ctx).Where("finished_at < ?", before).Delete(&Message{}).Error; err != nil {
		return fmt.Errorf("delete old mails: %w", err)
	}
	return nil
}
