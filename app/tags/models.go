package tags

import (
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Tag is a mark that the guests of an event can have.
type Tag struct {
	ID          int64             `gorm:"primaryKey"`
	EventID     int64             `gorm:"not null;index"`
	Event       *events.Event     `gorm:"constraint:OnDelete:CASCADE"`
	TagType     string            `gorm:"size:50;not null"`
	Name        text.Translations `gorm:"type:text;serializer:json;not null"`
	Description text.Translations `gorm:"type:text;serializer:json;not null"`
	RemovedAt   *time.Time        // when it was taken away, to be brought back or not; nil: it is there
}

// Type returns the type as clients read it.
func (t *Tag) Type() string { return strings.ToUpper(t.TagType) }

// ETag returns the entity tag of the tag: utils.ETag of all that is stored.
func (t *Tag) ETag() (string, error) {
	content := *t
	content.Event = nil
	return utils.ETag(content)
}

// There narrows a query to tags that are not taken away.
func There(query *gorm.DB) *gorm.DB { return query.Where("removed_at IS NULL") }
