package mail

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// lease takes up to limit messages of the kinds that are due, for the given time: nobody else gets them before it is
// over. SKIP LOCKED lets workers pass each other on PostgreSQL; on SQLite the transaction is the only writer.
func lease(ctx context.Context, db *gorm.DB, kinds []string, limit int, duration time.Duration) ([]Message, error) {
	var messages []Message
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		now := tx.NowFunc()
		err := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}).
			Where("state = ? AND due_at <= ? AND kind IN ?", Pending, now, kinds).
			Order("due_at").Order("id").Limit(limit).Find(&messages).Error
		if err != nil || len(messages) == 0 {
			return err
		}
		ids := make([]int64, len(messages))
		for i := range messages {
			messages[i].Attempts++
			messages[i].DueAt = now.Add(duration)
			ids[i] = messages[i].ID
		}
		return tx.Model(&Message{}).Where("id IN ?", ids).
			UpdateColumns(map[string]any{"attempts": gorm.Expr("attempts + 1"), "due_at": now.Add(duration)}).Error
	})
	if err != nil {
		return nil, fmt.Errorf("lease mails: %w", err)
	}
	return messages, nil
}

// finish marks a leased message as Sent, Dropped or Failed, unless the lease has passed to another.
func finish(ctx context.Context, db *gorm.DB, m Message, state string) error {
	return mark(ctx, db, m, map[string]any{"state": state, "finished_at": db.NowFunc()})
}

// retry gives a leased message back, to be tried again after the delay.
func retry(ctx context.Context, db *gorm.DB, m Message, delay time.Duration) error {
	return mark(ctx, db, m, map[string]any{"due_at": db.NowFunc().Add(delay)})
}

func mark(ctx context.Context, db *gorm.DB, m Message, columns map[string]any) error {
	err := db.WithContext(ctx).Model(&Message{}).
		Where("id = ? AND state = ? AND attempts = ?", m.ID, Pending, m.Attempts).UpdateColumns(columns).Error
	if err != nil {
		return fmt.Errorf("mark mail %d: %w", m.ID, err)
	}
	return nil
}

// Enough reports whether the recipient has been sent most mails of the message's kind, or is about to be, in the span
// of time before now: no matter who asked for them, nobody's mailbox should fill up.
func Enough(ctx context.Context, tx *gorm.DB, m Message, most int, span time.Duration) (bool, error) {
	var others []int64
	err := tx.WithContext(ctx).Model(&Message{}).Where("recipient = ? AND kind = ? AND id <> ?", m.Recipient, m.Kind, m.ID).
		Where("state = ? AND finished_at > ? OR state = ? AND id < ?", Sent, tx.NowFunc().Add(-span), Pending, m.ID).
		Limit(most).Pluck("id", &others).Error
	if err != nil {
		return false, fmt.Errorf("count the mails to a recipient: %w", err)
	}
	return len(others) >= most, nil
}

// expire gives up what was asked for before the given time, and returns how many those were.
func expire(ctx context.Context, db *gorm.DB, before time.Time) (int64, error) {
	result := db.WithContext(ctx).Model(&Message{}).Where("state = ? AND created_at < ?", Pending, before).
		UpdateColumns(map[string]any{"state": Failed, "finished_at": db.NowFunc()})
	if result.Error != nil {
		return 0, fmt.Errorf("give up old mails: %w", result.Error)
	}
	return result.RowsAffected, nil
}

// sweep deletes what was finished before the given time.
func sweep(ctx context.Context, db *gorm.DB, before time.Time) error {
	if err := db.WithContext(ctx).Where("finished_at < ?", before).Delete(&Message{}).Error; err != nil {
		return fmt.Errorf("delete old mails: %w", err)
	}
	return nil
}
