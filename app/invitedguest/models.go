package invitedguest

import (
	"time"

	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// Status is a guest's answer to the invitation.
type Status string

// The statuses of guests.
const (
	Invited  Status = "invited" // no answer yet
	Accepted Status = "accepted"
	Declined Status = "declined"
)

// InvitedGuest is the invitation of a user to an event.
type InvitedGuest struct {
	ID         int64         `gorm:"primaryKey;index:idx_invited_guests_event_id,priority:2;index:idx_invited_guests_event_id_status,priority:3;index:idx_invited_guests_event_id_role,priority:3"`
	EventID    int64         `gorm:"not null;uniqueIndex:idx_invited_guests_user_id_event_id,priority:2;index:idx_invited_guests_event_id,priority:1;index:idx_invited_guests_event_id_status,priority:1;index:idx_invited_guests_event_id_role,priority:1;index:idx_invited_guests_event_id_search_key,priority:1;index:idx_invited_guests_event_id_lastname_key,priority:1"`
	Event      *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	UserID     int64         `gorm:"not null;uniqueIndex:idx_invited_guests_user_id_event_id,priority:1;index:idx_invited_guests_event_id_search_key,priority:3;index:idx_invited_guests_event_id_lastname_key,priority:3"`
	User       *users.User   `gorm:"foreignKey:UserID,SearchKey,LastnameKey;references:ID,SearchKey,LastnameKey;constraint:OnUpdate:CASCADE,OnDelete:CASCADE"`
	Role       string        `gorm:"size:50;not null;index:idx_invited_guests_event_id_role,priority:2"`
	Status     Status        `gorm:"size:10;not null;index:idx_invited_guests_event_id_status,priority:2"`
	AnsweredAt *time.Time
	Comment    string    `gorm:"not null;default:''"` // from the guest to the organisers
	CreatedAt  time.Time `gorm:"not null"`
	UpdatedAt  time.Time `gorm:"not null"`

	UnsubscribedAt *time.Time // when the guest ended reminders; nil: not ended
	MailStatus     MailStatus `gorm:"size:10;not null;default:'none'"`
	RefusedEmail   string     `gorm:"size:254;not null;default:''"` // for MailRefused: the refused address

	// Copies of the user's keys; ON UPDATE CASCADE keeps them in step when the user's name or address changes. Their
	// indexes start with the event, so that a page of the list is one contiguous range. The user ID, not the guest ID,
	// breaks ties, because SQLite cannot seek its rowid as part of a row value.
	SearchKey   database.Bytes `gorm:"not null;index:idx_invited_guests_event_id_search_key,priority:2"`
	LastnameKey database.Bytes `gorm:"not null;index:idx_invited_guests_event_id_lastname_key,priority:2"`

	entityTag string // set by Service.store
}

func newInvitedGuest(eventID int64, user users.Reference, role string, mailed MailStatus) InvitedGuest {
	return InvitedGuest{
		EventID: eventID, UserID: user.ID, Role: role, Status: Invited, SearchKey: user.SearchKey,
		LastnameKey: user.LastnameKey,
		MailStatus:  mailed,
	}
}

// answer sets the guest's answer; Invited clears it.
func (g *InvitedGuest) answer(status Status, at time.Time) {
	g.Status, g.AnsweredAt = status, &at
	if status == Invited {
		g.AnsweredAt = nil
	}
}

// GuestTag assigns a tag to a guest.
type GuestTag struct {
	InvitedGuestID int64         `gorm:"primaryKey;index:idx_invited_guest_tags_tag_id,priority:2"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	TagID          int64         `gorm:"primaryKey;index:idx_invited_guest_tags_tag_id,priority:1"`
	Tag            *tags.Tag     `gorm:"constraint:OnDelete:CASCADE"`
}

// TableName implements GORM's Tabler.
func (GuestTag) TableName() string { return "invited_guest_tags" }

// Reminder records that a guest was sent the reminder that organisers named Name; the primary key keeps it from being
// sent twice.
type Reminder struct {
	InvitedGuestID int64         `gorm:"primaryKey"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	Name           string        `gorm:"primaryKey;size:50"`
	CreatedAt      time.Time     `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Reminder) TableName() string { return "invited_guest_reminders" }

// KeepBulkResponses is how long the response to a request with an Idempotency-Key is kept for replay.
const KeepBulkResponses = 24 * time.Hour

// BulkResponse is the stored response to a request with an Idempotency-Key.
type BulkResponse struct {
	Key       string    `gorm:"primaryKey;size:64"` // a hash of the caller, the event and the key
	Request   string    `gorm:"size:64;not null"`   // a hash of the whole request
	Answer    string    `gorm:"not null"`           // the response body, JSON
	CreatedAt time.Time `gorm:"not null;index"`
}

// TableName implements GORM's Tabler.
func (BulkResponse) TableName() string { return "invited_guest_bulk_answers" }
