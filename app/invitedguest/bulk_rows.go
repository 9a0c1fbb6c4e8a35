package invitedguest

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/tags"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// onceByKey returns the response stored for the key or, if there is none, calls do and stores and returns its response.
// Of two concurrent requests with the same key, one waits for the other. It fails with utils.ErrIdempotencyKeyReused if
// the key belongs to another request.
func onceByKey(tx *gorm.DB, key, request string, do func() ([]byte, error)) ([]byte, error) {
	if key == "" {
		return do()
	}
	row := BulkResponse{Key: key, Request: request}
	stored := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if stored.Error != nil {
		return nil, fmt.Errorf("store an Idempotency-Key: %w", stored.Error)
	}
	if stored.RowsAffected == 0 {
		return storedResponse(tx, row)
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

func storedResponse(tx *gorm.DB, row BulkResponse) ([]byte, error) {
	var found BulkResponse
	if err := tx.Where("key = ?", row.Key).Take(&found).Error; err != nil {
		return nil, fmt.Errorf("find an answer: %w", err)
	}
	if found.Request != row.Request {
		return nil, utils.ErrIdempotencyKeyReused
	}
	return []byte(found.Answer), nil
}

// eventTags are the tags of an event.
type eventTags struct {
	ids    map[int64]bool
	byName map[string]int64 // folded, in every language; 0: ambiguous
}

// findEventTags returns the event's tags and locks them against deletion until the transaction ends.
func findEventTags(ctx context.Context, db *gorm.DB, eventID int64) (eventTags, error) {
	var found []tags.Tag
	err := tags.Active(db.WithContext(ctx)).Clauses(clause.Locking{Strength: forKeyShare}).
		Select("id", "name").Where("event_id = ?", eventID).Order("id").Find(&found).Error
	if err != nil {
		return eventTags{}, fmt.Errorf("find the tags of an event: %w", err)
	}
	known := eventTags{make(map[int64]bool, len(found)), map[string]int64{}}
	for i := range found {
		id := found[i].ID
		known.ids[id] = true
		for _, name := range found[i].Name {
			name = text.FoldCase(strings.TrimSpace(name))
			if other, twice := known.byName[name]; twice && other != id {
				id = 0
			}
			known.byName[name] = id
		}
	}
	return known, nil
}

// resolve sets the IDs of the tags that a candidate names, and returns what is wrong with them, or "".
func (e eventTags) resolve(c *Candidate) string {
	for _, name := range c.tagNames {
		id := e.byName[text.FoldCase(name)]
		if id == 0 {
			return fmt.Sprintf("must be tags of the event: %.60q is not one, or is the name of several", name)
		}
		c.TagIDs = append(c.TagIDs, id)
	}
	for _, id := range c.TagIDs {
		if !e.ids[id] {
			return "must be tags of the event"
		}
	}
	return ""
}

// guestsAmong returns which of the users are guests of the event, by user ID.
func guestsAmong(ctx context.Context, db *gorm.DB, eventID int64,
	references map[string]users.Reference) (map[int64]bool, error) {
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
