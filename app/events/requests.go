package events

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// The maximum lengths of an event's texts, in characters.
const (
	maxKey         = 100
	maxName        = 200
	maxDescription = 10_000
	maxURL         = 2048
)

const (
	defaultType = "event"   // of an event without a type
	journal     = "journal" // may have no end
)

// eventTypes are the types of events.
var eventTypes = []string{defaultType, "award", "call", "programme", journal}

// eventKey matches keys that need no escapes in URLs, commands and file names.
var eventKey = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// eventBody is the body of POST and PUT /api/v1/event: a whole event. An optional member that is absent, null or empty
// clears the field.
type eventBody struct {
	ID          int64             `json:"id"` // of PUT
	Key         string            `json:"key"`
	Name        text.Translations `json:"name"`
	Description text.Translations `json:"description"`
	StartDate   string            `json:"start_date"`
	EndDate     string            `json:"end_date"`
	TimeZone    string            `json:"time_zone"` // an IANA name
	EmailFrom   string            `json:"email_from"`
	URL         string            `json:"url"`
	EventType   string            `json:"event_type"`
	TravelGrant flag              `json:"travel_grant"`
	MiniconfURL string            `json:"miniconf_url"`
	Organiser   *int64            `json:"organisation_id"` // must equal organiser

	RegistrationOpen  string `json:"registration_open"`
	RegistrationClose string `json:"registration_close"`
	ApplicationOpen   string `json:"application_open"`
	ApplicationClose  string `json:"application_close"`
	ReviewOpen        string `json:"review_open"`
	ReviewClose       string `json:"review_close"`
	SelectionOpen     string `json:"selection_open"`
	SelectionClose    string `json:"selection_close"`
	OfferOpen         string `json:"offer_open"`
	OfferClose        string `json:"offer_close"`

	existing  bool           // whether ID is required
	organiser int64          // the installation's
	zone      *time.Location // of a new event without time_zone; nil: UTC
	event     Event          // set by Validate
}

// Validate implements utils.Validator. It sets event.
func (b *eventBody) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if b.existing {
		wrong.Add("id", utils.CheckID(b.ID))
	}
	wrong.Add("key", checkKey(b.Key))
	wrong.Add("name", b.Name.CheckNames(maxName))
	wrong.Add("description", b.Description.CheckTexts(maxDescription))
	if wrong["name"] == "" {
		wrong.Add("description", b.Description.CheckSameLanguages(b.Name, "name"))
	}
	if b.EmailFrom != "" {
		canonical, err := text.CanonicalEmail(b.EmailFrom)
		if err != nil {
			wrong.Add("email_from", err.Error())
		}
		b.EmailFrom = canonical
	}
	wrong.Add("url", text.CheckLine(b.URL, maxURL))
	wrong.Add("miniconf_url", text.CheckLine(b.MiniconfURL, maxURL))
	if b.Organiser != nil && *b.Organiser != b.organiser {
		wrong.Add("organisation_id", fmt.Sprintf("must be %d, the only organisation", b.organiser))
	}
	if b.EventType == "" {
		b.EventType = defaultType
	}
	b.EventType = strings.ToLower(b.EventType) // clients of the original send it in upper case
	if !slices.Contains(eventTypes, b.EventType) {
		wrong.Add("event_type", "must be one of "+strings.Join(eventTypes, ", "))
	}
	b.event = Event{
		Key: b.Key, Name: b.Name, Description: b.Description, EmailFrom: b.EmailFrom, URL: b.URL, EventType: b.EventType,
		TravelGrant: bool(b.TravelGrant), MiniconfURL: b.MiniconfURL,
	}
	if b.existing {
		b.event.ID = b.ID
	}
	b.readDates(&wrong, b.readZone(&wrong))
	if !b.keepsZone() {
		b.checkSpans(&wrong)
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (b *eventBody) Subject() int64 { return b.ID }

func checkKey(key string) string {
	switch {
	case key == "":
		return "is required"
	case len(key) > maxKey || !eventKey.MatchString(key):
		return "must be at most 100 letters, digits, dots, hyphens and underscores, and begin with a letter or a digit"
	}
	return ""
}

// byID is the query of GET /api/v1/event.
type byID struct {
	ID int64 `json:"id"`
}

// Validate implements utils.Validator.
func (q *byID) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("id", utils.CheckID(q.ID))
	return wrong
}

// byKey is the query of GET /api/v1/event-by-key.
type byKey struct {
	Key string `json:"event_key"`
}

// Validate implements utils.Validator.
func (q *byKey) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if q.Key == "" {
		wrong.Add("event_key", "is required")
	}
	return wrong
}

// maxLimit is the maximum number of events in a page.
const maxLimit = 100

// flag is a boolean. Clients of the original send it as the string value of a drop-down.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", `"true"`:
		*f = true
	case "false", `"false"`, `""`, "null":
		*f = false
	default:
		return errFlag
	}
	return nil
}

var errFlag = errors.New("neither true nor false")

// listOrders are the sort fields of the list.
var listOrders = []string{"id", "start_date"}

// listing is the query of GET /api/v1/events.
type listing struct{ utils.ListQuery }

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	l.Check(&wrong, maxLimit, listOrders...)
	return wrong
}

// name identifies the list to which a cursor belongs: see ListQuery.Page.
func (l *listing) name() string { return "events\x00" + string(l.Sort) }
