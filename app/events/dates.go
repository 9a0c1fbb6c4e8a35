package events

import (
	"cmp"
	"time"

	"guestlist/app/localtime"
	"guestlist/app/utils"
)

// keepsZone reports whether the event keeps its current time zone, since the client sent none.
func (b *eventBody) keepsZone() bool { return b.existing && b.TimeZone == "" }

// readZone parses the time zone into event and returns it.
func (b *eventBody) readZone(wrong *utils.FieldErrors) *time.Location {
	zone := cmp.Or(b.zone, time.UTC)
	if b.TimeZone != "" {
		named, err := localtime.Load(b.TimeZone)
		if err != nil {
			wrong.Add("time_zone", "must be the IANA name of a time zone, such as Africa/Lagos")
		} else {
			zone = named
		}
	}
	b.event.TimeZone = zone.String()
	return zone
}

// complete reads the dates in the time zone of the event to change, unless the request names a zone.
func (b *eventBody) complete(current *Event) error {
	if !b.keepsZone() {
		return nil
	}
	var wrong utils.FieldErrors
	b.event.TimeZone = current.TimeZone
	b.readDates(&wrong, current.Zone())
	b.checkSpans(&wrong)
	return wrong.Err()
}

// readDates parses the dates into event. Dates without an offset are in the zone.
func (b *eventBody) readDates(wrong *utils.FieldErrors, zone *time.Location) {
	if b.StartDate == "" {
		wrong.Add("start_date", "is required")
	}
	if b.EndDate == "" && b.EventType != journal {
		wrong.Add("end_date", "is required")
	}
	if start := readDate(wrong, "start_date", b.StartDate, zone, localtime.Parse); start != nil {
		b.event.StartDate = *start
	}
	b.event.EndDate = readDate(wrong, "end_date", b.EndDate, zone, localtime.ParseEnd)
	texts := [][2]string{
		{b.RegistrationOpen, b.RegistrationClose},
		{b.ApplicationOpen, b.ApplicationClose},
		{b.ReviewOpen, b.ReviewClose},
		{b.SelectionOpen, b.SelectionClose},
		{b.OfferOpen, b.OfferClose},
	}
	for i, phase := range b.event.phases() {
		*phase.open = readDate(wrong, phase.name+"_open", texts[i][0], zone, localtime.Parse)
		*phase.close = readDate(wrong, phase.name+"_close", texts[i][1], zone, localtime.ParseEnd)
	}
}

// readDate parses a time, and returns nil for an empty or invalid one.
func readDate(
	wrong *utils.FieldErrors, field, text string, zone *time.Location,
	parse func(string, *time.Location) (time.Time, bool),
) *time.Time {
	if text == "" {
		return nil
	}
	at, ok := parse(text, zone)
	if !ok {
		wrong.Add(field, "must be a time such as 2026-01-31T10:00 (in the event's time zone) or 2026-01-31T10:00:00Z, "+
			"or a day such as 2026-01-31")
		return nil
	}
	return &at
}

// checkSpans checks that nothing ends before it begins.
func (b *eventBody) checkSpans(wrong *utils.FieldErrors) {
	check := func(from string, begin *time.Time, to string, end *time.Time) {
		if begin != nil && end != nil && end.Before(*begin) {
			wrong.Add(to, "must not be before "+from)
		}
	}
	check("start_date", &b.event.StartDate, "end_date", b.event.EndDate)
	for _, phase := range b.event.phases() {
		check(phase.name+"_open", *phase.open, phase.name+"_close", *phase.close)
	}
}
