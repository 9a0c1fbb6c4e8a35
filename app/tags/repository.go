package tags

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Find returns the tag with the id, or utils.ErrTagNotFound, also if it is another event's.
func Find(ctx context.Context, db *gorm.DB, eventID, id int64) (*Tag, error) {
	var tag Tag
	err := db.WithContext(ctx).Where("id = ? AND event_id = ?", id, eventID).Take(&tag).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, utils.ErrTagNotFound
	case err != nil:
		return nil, fmt.Errorf("find a tag: %w", err)
	}
	return &tag, nil
}
