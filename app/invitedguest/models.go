package invitedguest

import (
	"time"

	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// Status is how a guest has answered.
type Status string

// The statuses there are.
const (
	Invited  Status = "invited" // no answer yet
	Accepted Status = "accepted"
	Declined Status = "declined"
)

// InvitedGuest is the invitation of a user to an event.
type InvitedGuest struct {
	ID         int64         `gorm:"primaryKey;index:idx_invited_guests_event_id,priority:2;index:idx_invited_guests_event_id_status,priority:3;index:idx_invited_guests_event_id_role,priority:3"`
	EventID    int64         `gorm:"not null;uniqueIndex:idx_invited_guests_event_id_user_id,priority:1;index:idx_invited_guests_event_id,priority:1;index:idx_invited_guests_event_id_status,priority:1;index:idx_invited_guests_event_id_role,priority:1"`
	Event      *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	UserID     int64         `gorm:"not null;uniqueIndex:idx_invited_guests_event_id_user_id,priority:2;index"`
	User       *users.User   `gorm:"constraint:OnDelete:CASCADE"`
	Role       string        `gorm:"size:50;not null;index:idx_invited_guests_event_id_role,priority:2"`
	Status     Status        `gorm:"size:10;not null;index:idx_invited_guests_event_id_status,priority:2"`
	AnsweredAt *time.Time
	CreatedAt  time.Time `gorm:"not null"`
	UpdatedAt  time.Time `gorm:"not null"`
}

// GuestTag is a tag that a guest has.
type GuestTag struct {
	InvitedGuestID int64         `gorm:"primaryKey"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	TagID          int64         `gorm:"primaryKey;index"`
	Tag            *tags.Tag     `gorm:"constraint:OnDelete:CASCADE"`
}

// TableName implements GORM's Tabler.
func (GuestTag) TableName() string { return "invited_guest_tags" }
