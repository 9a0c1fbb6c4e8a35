package mail

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
)

// Entry is what people are told of a mail to them, which holds no code.
type Entry struct {
	Kind       string     `json:"kind"`
	State      string     `json:"state"`
	Attempts   int        `json:"attempts"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at"`
}

// To names mails by their recipients, as requests do.
type To struct {
	Recipients []string
	Kinds      []string // none: all
	Also       About    // to anybody
}

// About names mails by what they were asked for with.
type About struct {
	Kinds []string
	Data  string // what their data begins with
}

func (t To) query(ctx context.Context, db *gorm.DB) *gorm.DB {
	which := db.Where("recipient IN ?", t.Recipients)
	if len(t.Kinds) > 0 {
		which = which.Where("kind IN ?", t.Kinds)
	}
	if len(t.Also.Kinds) > 0 {
		which = which.Or("kind IN ? AND SUBSTR(data, 1, ?) = ?", t.Also.Kinds, utf8.RuneCountInString(t.Also.Data),
			t.Also.Data)
	}
	return db.WithContext(ctx).Model(&Message{}).Where(which)
}

// entryBatch is how many mails are read at once.
const entryBatch = 1000

// List returns mails that were asked for in the time from since, after the one with the id, the oldest first, and the
// id of the last one if there may be more, else 0.
func List(ctx context.Context, db *gorm.DB, to To, since time.Time, after int64) (entries []Entry, last int64,
	err error) {
	var messages []Message
	err = to.query(ctx, db).Where("created_at >= ? AND id > ?", since, after).Order("id").Limit(entryBatch).
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

// Forget deletes in the transaction tx the mails that were asked for until a time, whether they have been sent or not.
func Forget(ctx context.Context, tx *gorm.DB, to To, until time.Time) error {
	if len(to.Recipients) == 0 && len(to.Also.Kinds) == 0 {
		return nil
	}
	if err := to.query(ctx, tx).Where("created_at <= ?", until).Delete(&Message{}).Error; err != nil {
		return fmt.Errorf("delete the mails to a recipient: %w", err)
	}
	return nil
}
