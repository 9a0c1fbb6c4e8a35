package mail

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// groupsLock is the key of lockGroups' advisory lock. It is arbitrary but must not change.
const groupsLock int64 = 0x6d61696c67727073

// lockGroups makes workers that count what a group has sent take turns; the lock is released when the transaction ends.
// SQLite's transactions need no lock.
func lockGroups(tx *gorm.DB) error {
	if tx.Name() != "postgres" {
		return nil
	}
	if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", groupsLock).Error; err != nil {
		return fmt.Errorf("lock the groups of mails: %w", err)
	}
	return nil
}

// withinLimits returns those of the due messages that may be sent now. If a group has used up its limit, it postpones
// all its due messages until the whole limit is free again, so that they are postponed once per period, not once per
// mail.
func (o *Outbox) withinLimits(tx *gorm.DB, messages []Message, now time.Time) (within []Message, err error) {
	byGroup := map[string][]Message{}
	for _, m := range messages {
		byGroup[m.Group] = append(byGroup[m.Group], m)
	}
	for group, members := range byGroup {
		room, free, err := o.room(tx, group, now)
		if err != nil {
			return nil, err
		}
		if room == 0 {
			if err := postpone(tx, group, now, free); err != nil {
				return nil, err
			}
		}
		within = append(within, members[:min(room, len(members))]...) // some of these may still be dropped
	}
	return within, nil
}

// room returns how many mails of the group may be sent now and, assuming that they are, when the whole limit is free
// again. Mails sent in the far future, while the clock was wrong, do not count; the group would wait until then.
func (o *Outbox) room(tx *gorm.DB, group string, now time.Time) (room int, free time.Time, err error) {
	lately := func() *gorm.DB {
		return tx.Model(&Message{}).
			Where("mail_group = ? AND begun_at > ? AND begun_at <= ?", group, now.Add(-o.rate.Per), now.Add(o.rate.Per))
	}
	var used int64
	if err := lately().Count(&used).Error; err != nil {
		return 0, time.Time{}, fmt.Errorf("count the mails of a group: %w", err)
	}
	if used < int64(o.rate.Count) {
		return o.rate.Count - int(used), now.Add(o.rate.Per), nil
	}
	var newest []time.Time
	if err := lately().Order("begun_at DESC").Limit(1).Pluck("begun_at", &newest).Error; err != nil {
		return 0, time.Time{}, fmt.Errorf("find the last mail of a group: %w", err)
	}
	return 0, newest[0].Add(o.rate.Per), nil
}

// postpone postpones all due messages of the group. It skips locked ones, to avoid deadlocks; they are postponed when
// they are found again.
func postpone(tx *gorm.DB, group string, now, until time.Time) error {
	held := tx.Model(&Message{}).Clauses(skipLocked).Select("id").
		Where("state = ? AND bulk = ? AND due_at <= ? AND mail_group = ?", Pending, true, now, group)
	err := tx.Model(&Message{}).Where("id IN (?)", held).
		UpdateColumns(map[string]any{"due_at": until, "held_until": until}).Error
	if err != nil {
		return fmt.Errorf("postpone the mails of a group: %w", err)
	}
	return nil
}

// release makes all postponed messages due again, the oldest first. A worker calls it on start, since the limit may
// have changed; the first lease postpones those over the new limit.
func release(ctx context.Context, db *gorm.DB) error {
	held := db.Model(&Message{}).Clauses(skipLocked).Select("id").
		Where("state = ? AND bulk = ? AND due_at > ? AND due_at = held_until", Pending, true, db.NowFunc())
	err := db.WithContext(ctx).Model(&Message{}).Where("id IN (?)", held).
		UpdateColumn("due_at", gorm.Expr("created_at")).Error
	if err != nil {
		return fmt.Errorf("release the postponed mails: %w", err)
	}
	return nil
}

// LastOf returns about when the last pending mail of the group will be sent, or the zero time if the limit delays none.
func (o *Outbox) LastOf(ctx context.Context, tx *gorm.DB, group string) (time.Time, error) {
	if o.rate.Count == 0 {
		return time.Time{}, nil
	}
	tx = tx.WithContext(ctx)
	var waiting int64
	err := tx.Model(&Message{}).Where("mail_group = ? AND begun_at IS NULL AND state = ?", group, Pending).
		Count(&waiting).Error
	if err != nil {
		return time.Time{}, fmt.Errorf("count the pending mails of a group: %w", err)
	}
	room, free, err := o.room(tx, group, tx.NowFunc())
	if err != nil || waiting <= int64(room) {
		return time.Time{}, err
	}
	rounds := (waiting - int64(room) - 1) / int64(o.rate.Count) // after the first
	return free.Add(time.Duration(rounds) * o.rate.Per), nil
}
