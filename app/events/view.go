package events

import "time"

// view is an event as the caller finds it now: in one language, with its dates written for people.
type view struct {
	facts

	Name                 string  `json:"name"`
	Description          string  `json:"description"`
	StartDate            string  `json:"start_date"`
	EndDate              *string `json:"end_date"` // null: a journal goes on
	ApplicationOpenDate  *string `json:"application_open_date"`
	ApplicationCloseDate *string `json:"application_close_date"`
	Status               status  `json:"status"`

	IsApplicationOpen     bool `json:"is_application_open"`
	IsApplicationOpening  bool `json:"is_application_opening"`
	IsReviewOpen          bool `json:"is_review_open"`
	IsReviewOpening       bool `json:"is_review_opening"`
	IsSelectionOpen       bool `json:"is_selection_open"`
	IsSelectionOpening    bool `json:"is_selection_opening"`
	IsOfferOpen           bool `json:"is_offer_open"`
	IsOfferOpening        bool `json:"is_offer_opening"`
	IsRegistrationOpen    bool `json:"is_registration_open"`
	IsRegistrationOpening bool `json:"is_registration_opening"`
	IsEventOpen           bool `json:"is_event_open"`
	IsEventOpening        bool `json:"is_event_opening"`
}

// newView returns the event as it is to a user in the language closest to the one asked for.
func newView(e *Event, to Standing, language string, of Organisation) view {
	now, zone := to.at, e.Zone()
	return view{
		facts:                newFacts(e, to.administered[e.ID], of),
		Name:                 e.Name.In(language),
		Description:          e.Description.In(language),
		StartDate:            day(&e.StartDate, zone),
		EndDate:              dayOrNull(e.EndDate, zone),
		ApplicationOpenDate:  dayOrNull(e.ApplicationOpen, zone),
		ApplicationCloseDate: dayOrNull(e.ApplicationClose, zone),
		Status:               newStatus(to.attended[e.ID]),

		IsApplicationOpen:     isOpen(now, e.ApplicationOpen, e.ApplicationClose),
		IsApplicationOpening:  isOpening(now, e.ApplicationOpen),
		IsReviewOpen:          isOpen(now, e.ReviewOpen, e.ReviewClose),
		IsReviewOpening:       isOpening(now, e.ReviewOpen),
		IsSelectionOpen:       isOpen(now, e.SelectionOpen, e.SelectionClose),
		IsSelectionOpening:    isOpening(now, e.SelectionOpen),
		IsOfferOpen:           isOpen(now, e.OfferOpen, e.OfferClose),
		IsOfferOpening:        isOpening(now, e.OfferOpen),
		IsRegistrationOpen:    isOpen(now, e.RegistrationOpen, e.RegistrationClose),
		IsRegistrationOpening: isOpening(now, e.RegistrationOpen),
		IsEventOpen:           isOpen(now, &e.StartDate, e.EndDate),
		IsEventOpening:        isOpening(now, &e.StartDate),
	}
}

// status is what a user is in an event, in the words of the original's client. What it says of applications, offers and
// outcomes is not known here.
type status struct {
	InvitedGuest       *string `json:"invited_guest"` // the role
	ApplicationStatus  *string `json:"application_status"`
	RegistrationStatus *string `json:"registration_status"` // null: not answered yet
	OfferStatus        *string `json:"offer_status"`
	OutcomeStatus      *string `json:"outcome_status"`
	IsEventAttendee    bool    `json:"is_event_attendee"`
}

func newStatus(a *Attendance) status {
	if a == nil {
		return status{}
	}
	s := status{InvitedGuest: &a.Role, IsEventAttendee: true}
	if a.Answered {
		registration := "Not Confirmed"
		if a.Accepted {
			registration = "Confirmed"
		}
		s.RegistrationStatus = &registration
	}
	return s
}

// isOpen reports whether a phase between two times is held now. One without either is not held; one without the other
// has no end on that side.
func isOpen(now time.Time, from, to *time.Time) bool {
	return (from != nil || to != nil) && (from == nil || !now.Before(*from)) && (to == nil || now.Before(*to))
}

// isOpening reports whether a phase from a time is still to come.
func isOpening(now time.Time, from *time.Time) bool { return from != nil && now.Before(*from) }

// day writes a date in the zone as the original does.
func day(t *time.Time, zone *time.Location) string { return t.In(zone).Format("02 January 2006") }

func dayOrNull(t *time.Time, zone *time.Location) *string {
	if t == nil {
		return nil
	}
	written := day(t, zone)
	return &written
}
