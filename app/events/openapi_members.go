package events

import (
	"slices"
	"strings"

	"guestlist/app/localtime"
	"guestlist/app/openapi"
)

// The Describe methods declare what Go types cannot, with the limits that Validate uses.

// Describe implements openapi.Describer.
func (b eventBody) Describe(m *openapi.Members) {
	id := m.Of("id", "The id of the event to replace; not for a new one.").ID()
	if b.existing {
		id.Required()
	}
	m.Of("key", "Names the event in URLs and commands.").Lengths(1, maxKey).Like(eventKey).Required()
	m.Of("name", "By language.").Texts(maxName).Required()
	m.Of("description", "In the languages of the name.").Texts(maxDescription).Required()
	b.describeDates(m)
	m.Of("email_from", "The address for guests to write to. Only administrators of the event can read it.").Email()
	m.Of("url", "Shown as a link if it is an http or https URL.").Lengths(0, maxURL)
	m.Of("miniconf_url", "The URL of the online event.").Lengths(0, maxURL)
	m.Of("event_type", "In upper or lower case.").OneOf(slices.Concat(upperTypes(), eventTypes)...).
		OrElse(strings.ToUpper(defaultType))
	m.Of("travel_grant", "Whether guests can apply for one. The strings \"true\" and \"false\" are accepted too.")
	m.Of("organisation_id", "Must be the installation's.").Always(b.organiser)
}

// describeDates describes the dates that readDates parses.
func (eventBody) describeDates(m *openapi.Members) {
	const (
		when = "A time with an offset, such as 2026-01-31T10:00:00Z; a local time in the event's time zone, such as " +
			"2026-01-31T10:00 (the first, if the clocks show it twice); or a day, such as 2026-01-31, which means its "
		begin, end = when + "beginning in the time zone.", when + "end in the time zone."
	)
	for _, phase := range (&Event{}).phases() {
		m.Of(phase.name+"_open", begin)
		m.Of(phase.name+"_close", end)
	}
	m.Of("start_date", begin).Required()
	m.Of("end_date", end+" Required except for a journal.")
	m.Of("time_zone", "An IANA name, such as Africa/Lagos. Without it, a new event gets the installation's time zone, "+
		"and an existing one keeps its own.").Like(localtime.ZoneName)
}

// upperTypes returns the types of events as in responses.
func upperTypes() []string {
	types := make([]string, len(eventTypes))
	for i, eventType := range eventTypes {
		types[i] = strings.ToUpper(eventType)
	}
	return types
}

// Describe implements openapi.Describer.
func (byID) Describe(m *openapi.Members) { m.Of("id", "The id of the event.").ID().Required() }

// Describe implements openapi.Describer.
func (byKey) Describe(m *openapi.Members) { m.Of("event_key", "").Lengths(1, 0).Required() }

// Describe implements openapi.Describer.
func (listing) Describe(m *openapi.Members) { m.List(true, maxLimit, listOrders...) }

// Describe implements openapi.Describer.
func (roleQuery) Describe(m *openapi.Members) { m.Of("event_id", "").ID().Required() }

// Describe implements openapi.Describer.
func (b roleBody) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("user_id", "The user's id, unless the address is given.")
	m.Of("email", "The user's address, unless the id is given.").Email()
	m.Of("role", "").OneOf(b.roles...).Required()
}

// Describe implements openapi.Describer.
func (revocation) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("user_id", "The user's id, unless the address or the role's id is given.")
	m.Of("email", "The user's address, unless the id or the role's id is given.").Email()
	m.Of("role", "The role to revoke, unless its id is given.")
	m.Of("event_role_id", "The role's id in the list of roles, instead of user and role.").ID()
}

// Describe implements openapi.Describer.
func (editable) Describe(m *openapi.Members) { describeFacts(m) }

// Describe implements openapi.Describer.
func (view) Describe(m *openapi.Members) {
	describeFacts(m)
	const day = "A day in the event's time zone, such as 30 January 2100."
	m.Of("start_date", day)
	for _, date := range []string{"end_date", "application_open_date", "application_close_date"} {
		m.Of(date, day)
	}
}

func describeFacts(m *openapi.Members) {
	m.Of("email_from", "Null except for administrators of the event.")
	m.Of("event_type", "").OneOf(upperTypes()...)
	m.Of("end_date", "Null: a journal without an end.")
	m.Of("cancelled_at", "When the event was cancelled; null: not cancelled.")
	m.Of("time_zone", "The IANA name of the event's time zone.")
}

// Describe implements openapi.Describer.
func (status) Describe(m *openapi.Members) {
	m.Of("invited_guest", "The caller's role as a guest; null: not a guest.")
	m.Of("registration_status", "Confirmed for a guest who has accepted, Not Confirmed for one who has declined.")
	for _, name := range []string{"application_status", "offer_status", "outcome_status"} {
		m.Of(name, "Always null.")
	}
}

// Describe implements openapi.Describer.
func (roleResponse) Describe(m *openapi.Members) {
	m.Of("user", "The user's name and address, for display.")
	m.Of("pending", "True if the role takes effect once the user verifies the address; otherwise absent.")
}
