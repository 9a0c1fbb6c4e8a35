package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// once returns what do returns, and stores it by the key. If the key was used before, it returns what was stored then.
// Of two requests at once, one waits for the other. It fails with utils.ErrIdempotencyKeyReused if the key was used by
// another request.
func once(tx *gorm.DB, key, request string, do func() ([]byte, error)) ([]byte, error) {
	if key == "" {
		return do()
	}
	row := BulkAnswer{Key: key, Request: request}
	stored := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if stored.Error != nil {
		return nil, fmt.Errorf("store an Idempotency-Key: %w", stored.Error)
	}
	if stored.RowsAffected == 0 {
		return answeredBefore(tx, row)
	}
	body, err := do()
	if err != nil {
		return nil, err
	}
	if err := tx.Model(&row).UpdateColumn("answer", string(body)).Error; err != nil {
		return nil, fmt.Errorf("store an answer: %w", err)
	}
	return body, nil
}

func answeredBefore(tx *gorm.DB, row BulkAnswer) ([]byte, error) {
	var found BulkAnswer
	if err := tx.Where("key = ?", row.Key).Take(&found).Error; err != nil {
		return nil, fmt.Errorf("find an answer: %w", err)
	}
	if found.Request != row.Request {
		return nil, utils.ErrIdempotencyKeyReused
	}
	return []byte(found.Answer), nil
}

// tagIDs returns the ids of the event's tags, which are not deleted before the transaction ends.
func tagIDs(ctx context.Context, db *gorm.DB, eventID int64) (map[int64]bool, error) {
	var ids []int64
	if err := tags.There(db.WithContext(ctx)).Clauses(clause.Locking{Strength: forKeyShare}).Model(&tags.Tag{}).Where("event_id = ?", eventID).Order("id").
		Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("find the tags of an event: %w", err)
	}
	known := make(map[int64]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, nil
}

// guestsAmong returns which of the users are guests of the event.
func guestsAmong(ctx context.Context, db *gorm.DB, eventID int64, references map[string]users.Reference) (map[int64]bool, error) {
	ids := make([]int64, 0, len(references))
	for _, user := range references {
		ids = append(ids, user.ID)
	}
	found, err := guestIDs(ctx, db, eventID, ids)
	there := make(map[int64]bool, len(found))
	for id := range found {
		there[id] = true
	}
	return there, err
}
