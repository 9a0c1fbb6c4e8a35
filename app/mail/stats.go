package mail

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"gorm.io/gorm"
)

// Outcome is the state of messages of a kind after an attempt. Pending means that there will be another attempt.
type Outcome struct{ Kind, State string }

// tally counts outcomes.
type tally struct {
	mutex  sync.Mutex
	counts map[Outcome]int64
}

func (t *tally) add(kind, state string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.counts == nil {
		t.counts = map[Outcome]int64{}
	}
	t.counts[Outcome{kind, state}]++
}

// Outcomes returns the number of attempts by outcome, including outcomes with 0.
func (w *Worker) Outcomes() map[Outcome]int64 {
	counts := map[Outcome]int64{}
	for _, kind := range w.outbox.kinds() {
		for _, state := range []string{Sent, Dropped, Failed, Pending} {
			counts[Outcome{kind, state}] = 0
		}
	}
	w.tally.mutex.Lock()
	defer w.tally.mutex.Unlock()
	maps.Copy(counts, w.tally.counts)
	return counts
}

// Backlog describes the pending messages, whichever process will send them.
type Backlog struct {
	Messages map[string]int64 // by kind, including kinds with 0

	// Single and Bulk are how long the oldest pending mail without and with a group has waited since it was enqueued, or
	// since the limit on its group last allowed it; 0 if there is none.
	Single, Bulk time.Duration
}

// Backlog reads the backlog. It takes time proportional to its size.
func (o *Outbox) Backlog(ctx context.Context, db *gorm.DB) (Backlog, error) {
	db = db.WithContext(ctx)
	backlog := Backlog{Messages: map[string]int64{}}
	for _, kind := range o.kinds() {
		backlog.Messages[kind] = 0
	}
	var rows []struct {
		Kind     string
		Messages int64
	}
	err := db.Model(&Message{}).Where("state = ?", Pending).Group("kind").Select("kind, COUNT(*) AS messages").
		Find(&rows).Error
	if err != nil {
		return Backlog{}, fmt.Errorf("count the pending mails: %w", err)
	}
	for _, row := range rows {
		backlog.Messages[row.Kind] = row.Messages
	}
	if backlog.Single, err = oldest(db, single); err != nil {
		return Backlog{}, err
	}
	backlog.Bulk, err = oldest(db, bulk)
	return backlog, err
}

// oldest returns how long the oldest pending message of the lane has waited.
func oldest(db *gorm.DB, l lane) (time.Duration, error) {
	var messages []Message
	err := db.Select("created_at", "held_until").Where("state = ? AND bulk = ?", Pending, bool(l)).
		Order("COALESCE(held_until, created_at)").Limit(1).Find(&messages).Error
	if err != nil {
		return 0, fmt.Errorf("find the oldest pending mail: %w", err)
	}
	if len(messages) == 0 {
		return 0, nil
	}
	since := messages[0].CreatedAt
	if held := messages[0].HeldUntil; held != nil {
		since = *held
	}
	return max(0, db.NowFunc().Sub(since)), nil
}
