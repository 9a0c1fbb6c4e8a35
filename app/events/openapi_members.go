package events

import (
	"slices"
	"strings"

	"guestlist/app/localtime"
	"guestlist/app/openapi"
)

// What the types of requests and responses do not say of their members, by the constants that Validate uses.

// Describe implements openapi.Describer.
func (b eventBody) Describe(m *openapi.Members) {
	id := m.Of("id", "Of the event that is replaced; not for a new one.").ID()
	if b.existing {
		id.Required()
	}
	m.Of("key", "Names the event in addresses and commands.").Lengths(1, maxKey).Like(eventKey).Required()
	m.Of("name", "By language.").Texts(maxName).Required()
	m.Of("description", "In the languages of the name.").Texts(maxDescription).Required()
	b.describeDates(m)
	m.Of("email_from", "Where guests can write to. Only administrators of the event read it.").Email()
	m.Of("url", "Is shown as a link where it is one.").Lengths(0, maxURL)
	m.Of("miniconf_url", "Where the event is held online.").Lengths(0, maxURL)
	m.Of("event_type", "In upper or lower case.").OneOf(slices.Concat(upperTypes(), eventTypes)...).
		OrElse(strings.ToUpper(defaultType))
	m.Of("travel_grant", "Whether guests can ask for one. The texts \"true\" and \"false\" will do as well.")
	m.Of("organisation_id", "Can be no other than the installation's.").Always(b.organiser)
}

// describeDates describes what readDates reads.
func (eventBody) describeDates(m *openapi.Members) {
	const (
		when = "A time with an offset, such as 2026-01-31T10:00:00Z; one of the clocks in the event's time zone, such as " +
			"2026-01-31T10:00, of which the first counts if they show it twice; or a day, such as 2026-01-31, which is its "
		begin, end = when + "beginning in the time zone.", when + "end in the time zone."
	)
	for _, phase := range (&Event{}).phases() {
		m.Of(phase.name+"_open", begin)
		m.Of(phase.name+"_close", end)
	}
	m.Of("start_date", begin).Required()
	m.Of("end_date", end+" Only a journal needs none.")
	m.Of("time_zone", "An IANA name, such as Africa/Lagos. Without it, a new event has the installation's, and an "+
		"existing one keeps its own.").Like(localtime.ZoneName)
}

// upperTypes are the types of events as clients read them.
func upperTypes() []string {
	types := make([]string, len(eventTypes))
	for i, eventType := range eventTypes {
		types[i] = strings.ToUpper(eventType)
	}
	return types
}

// Describe implements openapi.Describer.
func (byID) Describe(m *openapi.Members) { m.Of("id", "Of the event.").ID().Required() }

// Describe implements openapi.Describer.
func (byKey) Describe(m *openapi.Members) { m.Of("event_key", "").Lengths(1, 0).Required() }

// Describe implements openapi.Describer.
func (listing) Describe(m *openapi.Members) { m.List(true, maxLimit, listOrders...) }

// Describe implements openapi.Describer.
func (roleQuery) Describe(m *openapi.Members) { m.Of("event_id", "").ID().Required() }

// Describe implements openapi.Describer.
func (b roleBody) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("user_id", "Of the user, unless the address is given.")
	m.Of("email", "Of the user, unless the id is given.").Email()
	m.Of("role", "").OneOf(b.roles...).Required()
}

// Describe implements openapi.Describer.
func (revocation) Describe(m *openapi.Members) {
	m.Of("event_id", "").ID().Required()
	m.Of("user_id", "Of the user, unless the address or the role's id is given.")
	m.Of("email", "Of the user, unless the id or the role's id is given.").Email()
	m.Of("role", "That is taken away.")
	m.Of("event_role_id", "The id of the role in the list of them, instead of a user and a role.").ID()
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
	m.Of("email_from", "Null to all but administrators of the event.")
	m.Of("event_type", "").OneOf(upperTypes()...)
	m.Of("end_date", "Null: a journal goes on.")
	m.Of("cancelled_at", "When the event was cancelled; null: it is held.")
	m.Of("time_zone", "The IANA name of the time zone in which the event is.")
}

// Describe implements openapi.Describer.
func (status) Describe(m *openapi.Members) {
	m.Of("invited_guest", "The role of a guest.")
	m.Of("registration_status", "Confirmed for a guest who has accepted, Not Confirmed for one who has declined.")
	for _, name := range []string{"application_status", "offer_status", "outcome_status"} {
		m.Of(name, "Always null.")
	}
}

// Describe implements openapi.Describer.
func (roleResponse) Describe(m *openapi.Members) {
	m.Of("user", "The name and the address, for people.")
	m.Of("pending", "True if the role does not count before the user verifies the address; else left out.")
}
