package tags

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/utils"
)

// Find returns the tag with the id, or utils.ErrTagNotFound, also if it is another event's or taken away.
func Find(ctx context.Context, db *gorm.DB, eventID, id int64) (*Tag, error) {
	return found(There(db.WithContext(ctx)), eventID, id)
}

// lock is Find for all tags, those that are taken away too. Others wait with changing it until the transaction ends.
func lock(tx *gorm.DB, eventID, id int64) (*Tag, error) {
	return found(tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), eventID, id)
}

func found(query *gorm.DB, eventID, id int64) (*Tag, error) {
	var tag Tag
	err := query.Where("id = ? AND event_id = ?", id, eventID).Take(&tag).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, utils.ErrTagNotFound
	case err != nil:
		return nil, fmt.Errorf("find a tag: %w", err)
	}
	return &tag, nil
}

// list returns the tags of the event, the oldest first.
func list(ctx context.Context, db *gorm.DB, eventID int64) ([]Tag, error) {
	return listAll(ctx, There(db), eventID)
}

// listAll is list with the tags that are taken away.
func listAll(ctx context.Context, db *gorm.DB, eventID int64) ([]Tag, error) {
	var tags []Tag
	if err := db.WithContext(ctx).Where("event_id = ?", eventID).Order("id").Find(&tags).Error; err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	return tags, nil
}

// create stores a new tag and sets the ID.
func create(ctx context.Context, db *gorm.DB, tag *Tag) error {
	if err := db.WithContext(ctx).Create(tag).Error; err != nil {
		return fmt.Errorf("create a tag: %w", err)
	}
	return nil
}

// update stores every column of a tag.
func update(tx *gorm.DB, tag *Tag) error { return changed(tx.Select("*").Updates(tag)) }

// remove deletes a tag, or fails with utils.ErrTagNotFound.
func remove(ctx context.Context, db *gorm.DB, eventID, id int64) error {
	return changed(There(db.WithContext(ctx)).Where("id = ? AND event_id = ?", id, eventID).Delete(&Tag{}))
}

func changed(result *gorm.DB) error {
	switch {
	case result.Error != nil:
		return fmt.Errorf("change a tag: %w", result.Error)
	case result.RowsAffected == 0:
		return utils.ErrTagNotFound
	}
	return nil
}
