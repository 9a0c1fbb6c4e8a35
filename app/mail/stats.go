package mail

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"gorm.io/gorm"
)

// Outcome is a state in which attempts at messages of a kind leave them. Pending means that there will be another
// attempt.
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

// Outcomes returns how often the worker has come to which outcome, with zeros for those that it has not come to yet.
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

// Backlog is what waits in the outbox, whichever process is to send it.
type Backlog struct {
	Messages map[string]int64 // by kind, with zeros

	// Single and Bulk are for how long the oldest mail of no group, and of a group, has waited since it was asked for,
	// or since the limit on its group would have let it go out; 0 if there is none.
	Single, Bulk time.Duration
}

// Backlog reads what waits. It takes longer the more that is.
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
		return Backlog{}, fmt.Errorf("count the mails that wait: %w", err)
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

// oldest returns for how long the message has waited that has waited longest in the lane.
func oldest(db *gorm.DB, l lane) (time.Duration, error) {
	var messages []Message
	err := db.Select("created_at", "held_until").Where("state = ? AND bulk = ?", Pending, bool(l)).
		Order("COALESCE(held_until, created_at)").Limit(1).Find(&messages).Error
	if err != nil {
		return 0, fmt.Errorf("find the oldest mail that waits: %w", err)
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
