package invitedguest

import (
	"time"

	"guestlist/app/database"
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
	EventID    int64         `gorm:"not null;uniqueIndex:idx_invited_guests_user_id_event_id,priority:2;index:idx_invited_guests_event_id,priority:1;index:idx_invited_guests_event_id_status,priority:1;index:idx_invited_guests_event_id_role,priority:1;index:idx_invited_guests_event_id_search_key,priority:1;index:idx_invited_guests_event_id_lastname_key,priority:1"`
	Event      *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	UserID     int64         `gorm:"not null;uniqueIndex:idx_invited_guests_user_id_event_id,priority:1;index:idx_invited_guests_event_id_search_key,priority:3;index:idx_invited_guests_event_id_lastname_key,priority:3"`
	User       *users.User   `gorm:"foreignKey:UserID,SearchKey,LastnameKey;references:ID,SearchKey,LastnameKey;constraint:OnUpdate:CASCADE,OnDelete:CASCADE"`
	Role       string        `gorm:"size:50;not null;index:idx_invited_guests_event_id_role,priority:2"`
	Status     Status        `gorm:"size:10;not null;index:idx_invited_guests_event_id_status,priority:2"`
	AnsweredAt *time.Time
	Comment    string    `gorm:"not null;default:''"` // to the organisers, with the answer
	CreatedAt  time.Time `gorm:"not null"`
	UpdatedAt  time.Time `gorm:"not null"`

	UnsubscribedAt *time.Time // since when the guest wants no reminders; nil: they are welcome
	MailStatus     MailStatus `gorm:"size:10;not null;default:'none'"`
	RefusedEmail   string     `gorm:"size:254;not null;default:''"` // of MailRefused: the address that it is of

	// Copies of the user's keys, which ON UPDATE CASCADE keeps in step when the user's name or address changes: the
	// list's orders have their indexes here, where no other event's guests and no other users lie between two rows of a
	// page. After a key comes the user and not the id, because SQLite cannot seek its rowid together with a key.
	SearchKey   database.Bytes `gorm:"not null;index:idx_invited_guests_event_id_search_key,priority:2"`
	LastnameKey database.Bytes `gorm:"not null;index:idx_invited_guests_event_id_lastname_key,priority:2"`

	entityTag string // of a guest that was just stored by itself
}

func newInvitedGuest(eventID int64, user users.Reference, role string, mailed MailStatus) InvitedGuest {
	return InvitedGuest{
		EventID: eventID, UserID: user.ID, Role: role, Status: Invited, SearchKey: user.SearchKey,
		LastnameKey: user.LastnameKey,
		MailStatus:  mailed,
	}
}

// answer sets the answer that the guest gives at the time; Invited takes an answer back.
func (g *InvitedGuest) answer(status Status, at time.Time) {
	g.Status, g.AnsweredAt = status, &at
	if status == Invited {
		g.AnsweredAt = nil
	}
}

// GuestTag is a tag that a guest has.
type GuestTag struct {
	InvitedGuestID int64         `gorm:"primaryKey;index:idx_invited_guest_tags_tag_id,priority:2"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	TagID          int64         `gorm:"primaryKey;index:idx_invited_guest_tags_tag_id,priority:1"`
	Tag            *tags.Tag     `gorm:"constraint:OnDelete:CASCADE"`
}

// TableName implements GORM's Tabler.
func (GuestTag) TableName() string { return "invited_guest_tags" }

// Reminder notes that a guest got a reminder, which organisers give a name, so that nobody gets it twice.
type Reminder struct {
	InvitedGuestID int64         `gorm:"primaryKey"`
	InvitedGuest   *InvitedGuest `gorm:"constraint:OnDelete:CASCADE"`
	Name           string        `gorm:"primaryKey;size:50"`
	CreatedAt      time.Time     `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Reminder) TableName() string { return "invited_guest_reminders" }

// KeepBulkAnswers is for how long a request with an Idempotency-Key can be sent again.
const KeepBulkAnswers = 24 * time.Hour

// BulkAnswer is what a request with an Idempotency-Key was answered, to be answered again.
type BulkAnswer struct {
	Key       string    `gorm:"primaryKey;size:64"` // a hash of who sent it with which key
	Request   string    `gorm:"size:64;not null"`   // a hash of all that was asked for
	Answer    string    `gorm:"not null"`           // JSON
	CreatedAt time.Time `gorm:"not null;index"`
}

// TableName implements GORM's Tabler.
func (BulkAnswer) TableName() string { return "invited_guest_bulk_answers" }
