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

// Event is an event that guests are invited to.
type Event struct {
	ID          int64             `gorm:"primaryKey;index:idx_events_start_date,priority:2"`
	Key         string            `gorm:"size:100;not null;uniqueIndex"` // for URLs and commands
	Name        text.Translations `gorm:"type:text;serializer:json;not null"`
	Description text.Translations `gorm:"type:text;serializer:json;not null"` // in the languages of Name
	StartDate   time.Time         `gorm:"not null;index:idx_events_start_date,priority:1"`
	EndDate     *time.Time        // nil: a journal without an end
	TimeZone    string            `gorm:"size:64;not null;default:UTC"` // its IANA name: see Zone
	EmailFrom   string            `gorm:"size:254;not null"`
	URL         string            `gorm:"size:2048;not null"` // any text: see Link
	EventType   string            `gorm:"size:20;not null"`
	TravelGrant bool              `gorm:"not null;default:false"`        // whether guests can apply for one
	MiniconfURL string            `gorm:"size:2048;not null;default:''"` // of the online event

	// When each phase opens and closes; a phase without dates does not take place.
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

	CancelledAt *time.Time // nil: not cancelled

	CreatedAt time.Time `gorm:"not null"`
	UpdatedAt time.Time `gorm:"not null"`
}

// Zone returns the event's time zone, or UTC if its name is unknown.
func (e *Event) Zone() *time.Location {
	zone, err := localtime.Load(e.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ETag returns the entity tag of the event: utils.ETag of all columns except CreatedAt and UpdatedAt.
func (e *Event) ETag() (string, error) {
	content := *e
	content.CreatedAt, content.UpdatedAt = time.Time{}, time.Time{}
	return utils.ETag(content)
}

// Link returns the URL if it can be shown as a link, and "" otherwise.
func (e *Event) Link() string {
	u, err := url.Parse(e.URL)
	// White space would let a link continue as other text, and a user name would make it look like another address.
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.ContainsFunc(e.URL, unicode.IsSpace) {
		return ""
	}
	return e.URL
}

// phase is one of an event's phases.
type phase struct {
	name        string // the prefix of its JSON fields
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

// Role is a user's role in an event.
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
