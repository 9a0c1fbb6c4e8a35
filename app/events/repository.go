package events

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// Find returns the event with the id, or utils.ErrEventNotFound.
func Find(ctx context.Context, db *gorm.DB, id int64) (*Event, error) {
	return found(db.WithContext(ctx).Where("id = ?", id))
}

// FindByKey returns the event with the key, or utils.ErrEventNotFound.
func FindByKey(ctx context.Context, db *gorm.DB, key string) (*Event, error) {
	return found(db.WithContext(ctx).Where("key = ?", key))
}

func found(query *gorm.DB) (*Event, error) {
	var event Event
	err := query.Take(&event).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, utils.ErrEventNotFound
	case err != nil:
		return nil, fmt.Errorf("find an event: %w", err)
	}
	return &event, nil
}

// create stores a new event and sets the ID, or fails with utils.ErrEventKeyInUse.
func create(tx *gorm.DB, event *Event) error {
	result := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "key"}}, DoNothing: true}).Create(event)
	switch {
	case result.Error != nil:
		return fmt.Errorf("create an event: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrEventKeyInUse
	}
	return nil
}

// lock returns the event with the id and keeps others from locking it until the transaction ends, or fails with
// utils.ErrEventNotFound. Rows that refer to the event can be stored meanwhile.
func lock(tx *gorm.DB, id int64) (*Event, error) {
	return found(tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id)) // SQLite's transactions lock all
}

// keyError tells of an error of changing an event whether it is that another event has its key: a team's own columns may
// be unique too, and GORM's translated error does not say which one it was.
func keyError(ctx context.Context, db *gorm.DB, event *Event, err error) error {
	if !errors.Is(err, gorm.ErrDuplicatedKey) {
		return err
	}
	if other, findErr := FindByKey(ctx, db, event.Key); findErr == nil && other.ID != event.ID {
		return fmt.Errorf("%w: %w", utils.ErrEventKeyInUse, err)
	}
	return fmt.Errorf("change an event: %w", err)
}

// Admin returns nil for the administrators of the system and of the event, else utils.ErrForbidden; or
// utils.ErrEventNotFound if there is no such event.
func Admin(ctx context.Context, db *gorm.DB, user *users.User, eventID int64) error {
	held, err := rolesIn(ctx, db, user.ID, eventID)
	if err != nil {
		return err
	}
	if !user.IsAdmin && !held[Administrator] {
		return fmt.Errorf("%w: not an administrator of the event", utils.ErrForbidden)
	}
	return nil
}

// rolesIn returns the roles that the user has in the event, or utils.ErrEventNotFound.
func rolesIn(ctx context.Context, db *gorm.DB, userID, eventID int64) (map[string]bool, error) {
	var rows []struct{ Role *string } // one row without a role where the user has none
	err := db.WithContext(ctx).Model(&Event{}).Select("event_roles.role").
		Joins("LEFT JOIN event_roles ON event_roles.event_id = events.id AND event_roles.user_id = ?", userID).
		Where("events.id = ?", eventID).Find(&rows).Error
	switch {
	case err != nil:
		return nil, fmt.Errorf("find a user's roles in an event: %w", err)
	case len(rows) == 0:
		return nil, utils.ErrEventNotFound
	}
	held := map[string]bool{}
	for _, row := range rows {
		if row.Role != nil {
			held[*row.Role] = true
		}
	}
	return held, nil
}
