package events

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/utils"
)

// Find returns the event with the id, or utils.ErrEventNotFound.
func Find(ctx context.Context, db *gorm.DB, id int64) (*Event, error) {
	return takeEvent(db.WithContext(ctx).Where("id = ?", id))
}

// FindByKey returns the event with the key, or utils.ErrEventNotFound.
func FindByKey(ctx context.Context, db *gorm.DB, key string) (*Event, error) {
	return takeEvent(db.WithContext(ctx).Where("key = ?", key))
}

func takeEvent(query *gorm.DB) (*Event, error) {
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

// update stores every column of an event. See keyError about a key that is in use.
func update(tx *gorm.DB, event *Event) error { return tx.Select("*").Updates(event).Error }

// list returns a page of the query's events, plus one event if there are more.
func list(query *gorm.DB, page utils.Page) ([]Event, error) {
	var events []Event
	if err := page.Seek(query, page.Sort.Field(), "id").Find(&events).Error; err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return events, nil
}

// position returns an event's position in a list of any order.
func position(event *Event, _ utils.Sort) utils.Position {
	return utils.Position{Time: &event.StartDate, ID: event.ID}
}

// lock takes a FOR NO KEY UPDATE lock on the event with the id and returns it, or fails with utils.ErrEventNotFound.
// Others can still insert rows that refer to the event. SQLite's transactions lock the whole database.
func lock(tx *gorm.DB, id int64) (*Event, error) {
	return takeEvent(forNoKeyUpdate(tx).Where("id = ?", id))
}

// forNoKeyUpdate makes a query lock the events that it finds, as lock does.
func forNoKeyUpdate(query *gorm.DB) *gorm.DB {
	return query.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
}

// keyError maps a duplicate-key error of an update to utils.ErrEventKeyInUse, but only if another event really has the
// key: GORM does not report which column it was, and a fork may add unique columns.
func keyError(ctx context.Context, db *gorm.DB, event *Event, err error) error {
	if !errors.Is(err, gorm.ErrDuplicatedKey) {
		return err
	}
	other, findErr := FindByKey(ctx, db, event.Key)
	switch {
	case findErr == nil && other.ID != event.ID:
		return fmt.Errorf("%w: %w", utils.ErrEventKeyInUse, err)
	case findErr != nil && !errors.Is(findErr, utils.ErrEventNotFound):
		return fmt.Errorf("change an event: %w, and find the event with the key: %w", err, findErr)
	}
	return fmt.Errorf("change an event: %w", err)
}
