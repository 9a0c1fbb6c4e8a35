package events

import (
	"time"

	"guestlist/app/text"
)

// eventResponse is an event, with its texts in every language for clients that edit it, else in one.
type eventResponse[Text text.Translations | string] struct {
	ID                int64      `json:"id"`
	Key               string     `json:"key"`
	Name              Text       `json:"name"`
	Description       Text       `json:"description"`
	StartDate         time.Time  `json:"start_date"`
	EndDate           time.Time  `json:"end_date"`
	EmailFrom         *string    `json:"email_from,omitempty"` // for the event's administrators
	URL               string     `json:"url"`
	EventType         string     `json:"event_type"`
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
}

// inAll returns the event in all languages, as its administrators or others see it.
func inAll(e *Event, admin bool) eventResponse[text.Translations] {
	return newEventResponse(e, admin, e.Name, e.Description)
}

// in returns the event in the language closest to the one asked for, as its administrators or others see it.
func in(e *Event, admin bool, language string) eventResponse[string] {
	return newEventResponse(e, admin, e.Name.In(language), e.Description.In(language))
}

func newEventResponse[Text text.Translations | string](
	e *Event, admin bool, name, description Text,
) eventResponse[Text] {
	response := eventResponse[Text]{
		ID:                e.ID,
		Key:               e.Key,
		Name:              name,
		Description:       description,
		StartDate:         e.StartDate.UTC(),
		EndDate:           e.EndDate.UTC(),
		URL:               e.URL,
		EventType:         e.EventType,
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
	}
	if admin {
		response.EmailFrom = &e.EmailFrom
	}
	return response
}

// utc returns the time in UTC, whatever zone the database returns times in.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}

// page is the response of GET /api/v1/events.
type page struct {
	Events     []eventResponse[string] `json:"events"`
	NextCursor *string                 `json:"next_cursor"` // null on the last page
}

func newPage(events []Event, administered map[int64]bool, next *string, language string) page {
	result := page{Events: make([]eventResponse[string], len(events)), NextCursor: next}
	for i := range events {
		result.Events[i] = in(&events[i], administered[events[i].ID], language)
	}
	return result
}

// roleResponse is a role that a user has in an event.
type roleResponse struct {
	ID      int64  `json:"id"`
	EventID int64  `json:"event_id"`
	Role    string `json:"role"`
	User    holder `json:"user"`
	Pending bool   `json:"pending,omitempty"` // whether it does not count before the user verifies the address
}

// newRoleResponse returns a role that was read with its user.
func newRoleResponse(r *Role) roleResponse {
	user := holder{r.User.ID, r.User.Email, r.User.Firstname, r.User.Lastname, r.User.UserTitle}
	return roleResponse{r.ID, r.EventID, r.Role, user, !r.User.Verified()}
}

// holder is who has a role.
type holder struct {
	UserID    int64  `json:"user_id"`
	Email     string `json:"email"`
	Firstname string `json:"firstname"`
	Lastname  string `json:"lastname"`
	UserTitle string `json:"user_title"`
}

// empty is the response of a request that returns nothing: {}.
type empty struct{}
