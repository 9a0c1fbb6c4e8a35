package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
)

// RecordEach stores an event about each of the users, with the same detail, so that a bulk change appears in the
// history of every user. tx is the transaction of the change that the events describe. RecordEach takes two statements
// for any number of users.
func RecordEach(
	ctx context.Context, tx *gorm.DB, actor Actor, kind Kind, userIDs []int64, detail map[string]any,
) error {
	if len(userIDs) == 0 {
		return nil
	}
	event := actor.Event(kind, userIDs[0]).With(detail)
	if err := tx.WithContext(ctx).Create(&event).Error; err != nil {
		return fmt.Errorf("record a security event: %w", err)
	}
	if len(userIDs) == 1 {
		return nil
	}
	others, err := json.Marshal(userIDs[1:])
	if err != nil {
		return fmt.Errorf("record security events: %w", err)
	}
	one, from := "others.value", "json_each(?) AS others"
	if tx.Name() == "postgres" {
		one, from = "CAST(others.one AS bigint)", "json_array_elements_text(CAST(? AS json)) AS others(one)"
	}
	// Copying the first event avoids casts to the columns' types.
	err = tx.WithContext(ctx).
		Exec("INSERT INTO audit_events (created_at, kind, user_id, actor_id, address, request_id, detail) "+
			"SELECT e.created_at, e.kind, "+one+", e.actor_id, e.address, e.request_id, e.detail "+
			"FROM audit_events AS e CROSS JOIN "+from+" WHERE e.id = ?", string(others), event.ID).Error
	if err != nil {
		return fmt.Errorf("record security events: %w", err)
	}
	return nil
}
