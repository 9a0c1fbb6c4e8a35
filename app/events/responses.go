package events

import (
	"time"

	"guestlist/app/text"
)

// answer is an event, with its texts in every language where clients edit it, else in one.
type answer[Text text.Translations | string] struct {
	ID                int64      `json:"id"`
	Key               string     `json:"key"`
	Name              Text       `json:"name"`
	Description       Text       `json:"description"`
	StartDate         time.Time  `json:"start_date"`
	EndDate           time.Time  `json:"end_date"`
	EmailFrom         string     `json:"email_from"`
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

// inAll answers an event in all languages.
func inAll(e *Event) answer[text.Translations] { return newAnswer(e, e.Name, e.Description) }

// in answers an event in the language that comes nearest to the one asked for.
func in(e *Event, language string) answer[string] {
	return newAnswer(e, e.Name.In(language), e.Description.In(language))
}

func newAnswer[Text text.Translations | string](e *Event, name, description Text) answer[Text] {
	return answer[Text]{
		ID:                e.ID,
		Key:               e.Key,
		Name:              name,
		Description:       description,
		StartDate:         e.StartDate.UTC(),
		EndDate:           e.EndDate.UTC(),
		EmailFrom:         e.EmailFrom,
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
}

// utc returns the time as every database would have it written.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	result := t.UTC()
	return &result
}

// page answers GET /api/v1/events.
type page struct {
	Events     []answer[string] `json:"events"`
	NextCursor *string          `json:"next_cursor"` // null on the last page
}

func newPage(events []Event, next *string, language string) page {
	result := page{Events: make([]answer[string], len(events)), NextCursor: next}
	for i := range events {
		result.Events[i] = in(&events[i], language)
	}
	return result
}

// held answers a role that a user has in an event.
type held struct {
	ID      int64  `json:"id"`
	EventID int64  `json:"event_id"`
	Role    string `json:"role"`
	User    holder `json:"user"`
}

// holder is who has a role.
type holder struct {
	UserID    int64  `json:"user_id"`
	Email     string `json:"email"`
	Firstname string `json:"firstname"`
	Lastname  string `json:"lastname"`
	UserTitle string `json:"user_title"`
}

// empty answers what has nothing to say: {}.
type empty struct{}
