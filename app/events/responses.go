package events

import (
	"fmt"
	"strings"
	"time"

	"guestlist/app/text"
)

// facts are the fields common to all responses with an event.
type facts struct {
	ID                int64      `json:"id"`
	Key               string     `json:"key"`
	EmailFrom         *string    `json:"email_from"` // null except for the event's administrators
	URL               string     `json:"url"`
	EventType         string     `json:"event_type"` // in upper case
	TimeZone          string     `json:"time_zone"`  // an IANA name
	OrganisationID    int64      `json:"organisation_id"`
	OrganisationName  string     `json:"organisation_name"`
	TravelGrant       bool       `json:"travel_grant"`
	MiniconfURL       string     `json:"miniconf_url"`
	RegistrationOpen  *time.Time `json:"registration_open"`
	RegistrationClose *time.Time `json:"registration_close"`
	ApplicationOpen   *time.Time `json:"application_open"`
	ApplicationClose  *time.Time `json:"application_close"`
	ReviewOpen        *time.Time `json:"review_open"`
	ReviewClose       *time.Time `json:"review_close"`
	SelectionOpen     *time.Time `json:"selection_open"`
	SelectionClose    *time.Time `json:"selection_close"`
	OfferOpen         *time.Time `json:"offer_open"`
	OfferClose        *time.Time `json:"offer_close"`
	CancelledAt       *time.Time `json:"cancelled_at"` // null: not cancelled
}

func newFacts(e *Event, admin bool, of Organisation) facts {
	f := facts{
		ID:                e.ID,
		Key:               e.Key,
		URL:               e.URL,
		EventType:         strings.ToUpper(e.EventType),
		TimeZone:          e.TimeZone,
		OrganisationID:    of.ID,
		OrganisationName:  of.Name,
		TravelGrant:       e.TravelGrant,
		MiniconfURL:       e.MiniconfURL,
		RegistrationOpen:  utc(e.RegistrationOpen),
		RegistrationClose: utc(e.RegistrationClose),
		ApplicationOpen:   utc(e.ApplicationOpen),
		ApplicationClose:  utc(e.ApplicationClose),
		ReviewOpen:        utc(e.ReviewOpen),
		ReviewClose:       utc(e.ReviewClose),
		SelectionOpen:     utc(e.SelectionOpen),
		SelectionClose:    utc(e.SelectionClose),
		OfferOpen:         utc(e.OfferOpen),
		OfferClose:        utc(e.OfferClose),
		CancelledAt:       utc(e.CancelledAt),
	}
	if admin {
		f.EmailFrom = &e.EmailFrom
	}
	return f
}

// editable is an event for editing: with its texts in every language and its dates as times.
type editable struct {
	facts

	Name        text.Translations `json:"name"`
	Description text.Translations `json:"description"`
	StartDate   time.Time         `json:"start_date"`
	EndDate     *time.Time        `json:"end_date"` // null: a journal without an end
}

// newEditable returns the event for its administrators (admin) or for others.
func newEditable(e *Event, admin bool, of Organisation) editable {
	return editable{newFacts(e, admin, of), e.Name, e.Description, e.StartDate.UTC(), utc(e.EndDate)}
}

// utc returns the time in UTC, so that the response is the same on every database.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}

// roleResponse is a user's role in the list of an event's roles.
type roleResponse struct {
	ID      int64  `json:"id"`
	EventID int64  `json:"event_id"`
	UserID  int64  `json:"user_id"`
	User    string `json:"user"` // the name and the address, for display
	Role    string `json:"role"`
	Pending bool   `json:"pending,omitempty"` // whether it takes effect once the user verifies the address
}

// newRoles returns the responses for roles, which must have been read with their users. It never returns nil.
func newRoles(roles []Role) []roleResponse {
	result := make([]roleResponse, len(roles))
	for i, r := range roles {
		user := r.User.Email
		if name := r.User.Fullname(); name != "" {
			user = fmt.Sprintf("%s (%s)", name, r.User.Email)
		}
		result[i] = roleResponse{ID: r.ID, EventID: r.EventID, UserID: r.UserID, User: user, Role: r.Role,
			Pending: !r.User.Verified()}
	}
	return result
}
