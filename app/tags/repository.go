package tags

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/utils"
)

// Find returns the event's active tag with the id, or utils.ErrTagNotFound.
func Find(ctx context.Context, db *gorm.DB, eventID, id int64) (*Tag, error) {
	return takeTag(Active(db.WithContext(ctx)), eventID, id)
}

// lock is Find for active and inactive tags, with a FOR NO KEY UPDATE lock until the transaction ends.
func lock(tx *gorm.DB, eventID, id int64) (*Tag, error) {
	return takeTag(tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), eventID, id)
}

func takeTag(query *gorm.DB, eventID, id int64) (*Tag, error) {
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

// list returns the active tags of the event, oldest first.
func list(ctx context.Context, db *gorm.DB, eventID int64) ([]Tag, error) {
	return listAll(ctx, Active(db), eventID)
}

// listAll is list with inactive tags too.
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
	return changed(Active(db.WithContext(ctx)).Where("id = ? AND event_id = ?", id, eventID).Delete(&Tag{}))
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
