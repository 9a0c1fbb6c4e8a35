package localtime

import (
	"time"

	"guestlist/app/database"
)

// Parse reads a time to the precision that is stored: one with an offset from UTC, such as 2026-01-31T10:00:00Z or
// 2026-01-31T10:00+01:00; one of the clocks in the zone, such as 2026-01-31T10:00; or a day, such as 2026-01-31, which
// is its beginning in the zone. Seconds may be left out.
func Parse(value string, zone *time.Location) (at time.Time, ok bool) {
	return parse(value, zone, false)
}

// ParseEnd is Parse, but a day is its end: the last moment of it that can be stored.
func ParseEnd(value string, zone *time.Location) (at time.Time, ok bool) {
	return parse(value, zone, true)
}

func parse(value string, zone *time.Location, end bool) (at time.Time, ok bool) {
	at, ok = parseInstant(value)
	if !ok {
		at, ok = parseLocal(value, zone, end)
	}
	at = at.UTC().Truncate(database.Precision)
	return at, ok && 1 <= at.Year() && at.Year() <= 9999 // what every database and RFC 3339 can hold
}

func parseInstant(value string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, value); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func parseLocal(value string, zone *time.Location, end bool) (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, value); err == nil {
		if end {
			return when(day.AddDate(0, 0, 1), zone).Add(-database.Precision), true
		}
		return when(day, zone), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if local, err := time.Parse(layout, value); err == nil {
			return when(local, zone), true
		}
	}
	return time.Time{}, false
}

// when returns the instant at which the clocks in the zone show what local says in UTC. A time that they show twice is
// the first of the two; one that they leave out is as long after the change as it would have been had they not been put
// forward (RFC 5545, 3.3.5).
func when(local time.Time, zone *time.Location) time.Time {
	const more = 24 * time.Hour // than any offset
	before, after := local.Add(-offsetAt(local.Add(-more), zone)), local.Add(-offsetAt(local.Add(more), zone))
	switch {
	case shows(before, zone, local), !shows(after, zone, local):
		return before
	}
	return after
}

// shows reports whether the clocks in the zone show what local says in UTC.
func shows(at time.Time, zone *time.Location, local time.Time) bool {
	return at.Add(offsetAt(at, zone)).Equal(local)
}

func offsetAt(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// beginsDay reports whether a day begins in the zone at the instant.
func beginsDay(t time.Time, zone *time.Location) bool { return t.Equal(midnight(t, zone, 0)) }

// endsDay reports whether the instant is in the last second of a day in the zone: clients may cut off the fraction of
// the last moment.
func endsDay(t time.Time, zone *time.Location) bool {
	return midnight(t, zone, 1).Sub(t) <= time.Second
}

// midnight returns when the day of the instant in the zone begins, or the day that many days later.
func midnight(t time.Time, zone *time.Location, days int) time.Time {
	year, month, day := t.In(zone).Date()
	return when(time.Date(year, month, day+days, 0, 0, 0, 0, time.UTC), zone)
}
