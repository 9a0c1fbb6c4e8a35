package tags

import (
	"time"

	"guestlist/app/events"
	"guestlist/app/text"
)

// Tag is a mark that the guests of an event can have.
type Tag struct {
	ID          int64             `gorm:"primaryKey"`
	EventID     int64             `gorm:"not null;index"`
	Event       *events.Event     `gorm:"constraint:OnDelete:CASCADE"`
	TagType     string            `gorm:"size:50;not null"`
	Name        text.Translations `gorm:"type:text;serializer:json;not null"`
	Description text.Translations `gorm:"type:text;serializer:json;not null"`
	RemovedAt   *time.Time        // when it was taken away; nil: it is there
}
