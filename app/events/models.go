package events

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"guestlist/app/localtime"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Event is what guests are invited to.
type Event struct {
	ID          int64             `gorm:"primaryKey;index:idx_events_start_date,priority:2"`
	Key         string            `gorm:"size:100;not null;uniqueIndex"` // in addresses and in commands
	Name        text.Translations `gorm:"type:text;serializer:json;not null"`
	Description text.Translations `gorm:"type:text;serializer:json;not null"` // in the languages of Name
	StartDate   time.Time         `gorm:"not null;index:idx_events_start_date,priority:1"`
	EndDate     *time.Time        // nil: a journal goes on
	TimeZone    string            `gorm:"size:64;not null;default:UTC"` // its IANA name: see Zone
	EmailFrom   string            `gorm:"size:254;not null"`
	URL         string            `gorm:"size:2048;not null"` // as its administrators write it: see Link
	EventType   string            `gorm:"size:20;not null"`
	TravelGrant bool              `gorm:"not null;default:false"`        // whether guests can ask for one
	MiniconfURL string            `gorm:"size:2048;not null;default:''"` // where it is held online

	// When each phase opens and closes; a phase without dates is not held.
	RegistrationOpen  *time.Time
	RegistrationClose *time.Time
	ApplicationOpen   *time.Time
	ApplicationClose  *time.Time
	ReviewOpen        *time.Time
	ReviewClose       *time.Time
	SelectionOpen     *time.Time
	SelectionClose    *time.Time
	OfferOpen         *time.Time
	OfferClose        *time.Time

	CancelledAt *time.Time // nil: it is held

	CreatedAt time.Time `gorm:"not null"`
	UpdatedAt time.Time `gorm:"not null"`
}

// Zone returns the time zone in which the event is; UTC if the program no longer knows its name.
func (e *Event) Zone() *time.Location {
	zone, err := localtime.Load(e.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ETag returns the entity tag of the event: utils.ETag of all columns but the times of creation and change.
func (e *Event) ETag() (string, error) {
	content := *e
	content.CreatedAt, content.UpdatedAt = time.Time{}, time.Time{}
	return utils.ETag(content)
}

// Link returns the URL if it can be shown as a link, and nothing if it is any other text.
func (e *Event) Link() string {
	u, err := url.Parse(e.URL)
	// Blanks would let a link go on as a text of its own, and a user's name would let it read like another address.
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.ContainsFunc(e.URL, unicode.IsSpace) {
		return ""
	}
	return e.URL
}

// phase is one of an event's phases.
type phase struct {
	name        string // as its fields in JSON begin
	open, close **time.Time
}

func (e *Event) phases() []phase {
	return []phase{
		{"registration", &e.RegistrationOpen, &e.RegistrationClose},
		{"application", &e.ApplicationOpen, &e.ApplicationClose},
		{"review", &e.ReviewOpen, &e.ReviewClose},
		{"selection", &e.SelectionOpen, &e.SelectionClose},
		{"offer", &e.OfferOpen, &e.OfferClose},
	}
}

// Role is what a user may do in an event.
type Role struct {
	ID        int64       `gorm:"primaryKey"`
	EventID   int64       `gorm:"not null;uniqueIndex:idx_event_roles_event_id_user_id_role"`
	Event     *Event      `gorm:"constraint:OnDelete:CASCADE"`
	UserID    int64       `gorm:"not null;uniqueIndex:idx_event_roles_event_id_user_id_role;index"`
	User      *users.User `gorm:"constraint:OnDelete:CASCADE"`
	Role      string      `gorm:"size:50;not null;uniqueIndex:idx_event_roles_event_id_user_id_role"`
	CreatedAt time.Time   `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Role) TableName() string { return "event_roles" }
