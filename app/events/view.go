package events

import "time"

// view is an event as the caller sees it now: in one language, with formatted dates.
type view struct {
	facts

	Name                 string  `json:"name"`
	Description          string  `json:"description"`
	StartDate            string  `json:"start_date"`
	EndDate              *string `json:"end_date"` // null: a journal without an end
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

// newView returns the user's view of the event, in the language closest to the requested one.
func newView(e *Event, to Standing, language string, of Organisation) view {
	now, zone := to.at, e.Zone()
	held := e.CancelledAt == nil
	return view{
		facts:                newFacts(e, to.administered[e.ID], of),
		Name:                 e.Name.In(language),
		Description:          e.Description.In(language),
		StartDate:            day(&e.StartDate, zone),
		EndDate:              dayOrNull(e.EndDate, zone),
		ApplicationOpenDate:  dayOrNull(e.ApplicationOpen, zone),
		ApplicationCloseDate: dayOrNull(e.ApplicationClose, zone),
		Status:               newStatus(to.attended[e.ID]),

		IsApplicationOpen:     held && isOpen(now, e.ApplicationOpen, e.ApplicationClose),
		IsApplicationOpening:  held && isOpening(now, e.ApplicationOpen),
		IsReviewOpen:          held && isOpen(now, e.ReviewOpen, e.ReviewClose),
		IsReviewOpening:       held && isOpening(now, e.ReviewOpen),
		IsSelectionOpen:       held && isOpen(now, e.SelectionOpen, e.SelectionClose),
		IsSelectionOpening:    held && isOpening(now, e.SelectionOpen),
		IsOfferOpen:           held && isOpen(now, e.OfferOpen, e.OfferClose),
		IsOfferOpening:        held && isOpening(now, e.OfferOpen),
		IsRegistrationOpen:    held && isOpen(now, e.RegistrationOpen, e.RegistrationClose),
		IsRegistrationOpening: held && isOpening(now, e.RegistrationOpen),
		IsEventOpen:           held && isOpen(now, &e.StartDate, e.EndDate),
		IsEventOpening:        held && isOpening(now, &e.StartDate),
	}
}

// status is a user's status in an event, in the words of the original's client. Applications, offers and outcomes are
// not stored here.
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

// isOpen reports whether a phase is open now. A phase with neither time is never open; a missing time is no limit on
// that side.
func isOpen(now time.Time, from, to *time.Time) bool {
	return (from != nil || to != nil) && (from == nil || !now.Before(*from)) && (to == nil || now.Before(*to))
}

// isOpening reports whether a phase has not begun yet.
func isOpening(now time.Time, from *time.Time) bool { return from != nil && now.Before(*from) }

// day formats a date in the zone as the original does.
func day(t *time.Time, zone *time.Location) string { return t.In(zone).Format("02 January 2006") }

func dayOrNull(t *time.Time, zone *time.Location) *string {
	if t == nil {
		return nil
	}
	written := day(t, zone)
	return &written
}
