package tags

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Tag is a tag that guests of an event can have.
type Tag struct {
	ID          int64             `gorm:"primaryKey"`
	EventID     int64             `gorm:"not null;index"`
	Event       *events.Event     `gorm:"constraint:OnDelete:CASCADE"`
	TagType     string            `gorm:"size:50;not null"`
	Name        text.Translations `gorm:"type:text;serializer:json;not null"`
	Description text.Translations `gorm:"type:text;serializer:json;not null"`
	RemovedAt   *time.Time        // when it was deactivated; nil: it is active
}

// Type returns the type in upper case, as in responses.
func (t *Tag) Type() string { return strings.ToUpper(t.TagType) }

// ETag returns the entity tag of the tag: utils.ETag of all columns.
func (t *Tag) ETag() (string, error) {
	content := *t
	content.Event = nil
	return utils.ETag(content)
}

// Active restricts a query to active tags.
func Active(query *gorm.DB) *gorm.DB { return query.Where("removed_at IS NULL") }
