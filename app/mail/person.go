package mail

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
)

// Entry describes a mail in a user's data export. It contains no codes.
type Entry struct {
	Kind       string     `json:"kind"`
	State      string     `json:"state"`
	Attempts   int        `json:"attempts"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at"`
}

// Filter selects mails by recipient and kind.
type Filter struct {
	Recipients []string
	Kinds      []string   // empty: all
	Also       DataFilter // additionally, to any recipient
}

// DataFilter selects mails by kind and data.
type DataFilter struct {
	Kinds []string
	Data  string // prefix of Request.Data as JSON
}

func (f Filter) query(ctx context.Context, db *gorm.DB) *gorm.DB {
	which := db.Where("recipient IN ?", f.Recipients)
	if len(f.Kinds) > 0 {
		which = which.Where("kind IN ?", f.Kinds)
	}
	if len(f.Also.Kinds) > 0 {
		which = which.Or("kind IN ? AND SUBSTR(data, 1, ?) = ?", f.Also.Kinds, utf8.RuneCountInString(f.Also.Data),
			f.Also.Data)
	}
	return db.WithContext(ctx).Model(&Message{}).Where(which)
}

// entryBatch is how many mails List reads.
const entryBatch = 1000

// List returns the selected mails enqueued at or after since, after the one with the given ID, in order, and the ID of
// the last one, or 0 at the end.
func List(ctx context.Context, db *gorm.DB, filter Filter, since time.Time, after int64) (entries []Entry, last int64,
	err error) {
	var messages []Message
	err = filter.query(ctx, db).Where("created_at >= ? AND id > ?", since, after).Order("id").Limit(entryBatch).
		Find(&messages).Error
	if err != nil {
		return nil, 0, fmt.Errorf("find the mails to a recipient: %w", err)
	}
	for _, m := range messages {
		entries = append(entries, Entry{m.Kind, m.State, m.Attempts, m.CreatedAt, m.FinishedAt})
	}
	if len(messages) == entryBatch {
		last = messages[len(messages)-1].ID
	}
	return entries, last, nil
}

// Forget deletes in tx the selected mails enqueued up to the given time, sent or not.
func Forget(ctx context.Context, tx *gorm.DB, filter Filter, until time.Time) error {
	if len(filter.Recipients) == 0 && len(filter.Also.Kinds) == 0 {
		return nil
	}
	if err := filter.query(ctx, tx).Where("created_at <= ?", until).Delete(&Message{}).Error; err != nil {
		return fmt.Errorf("delete the mails to a recipient: %w", err)
	}
	return nil
}
