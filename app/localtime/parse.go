package localtime

import (
	"time"

	"guestlist/app/database"
)

// Parse parses a time, to the precision that is stored: with an offset from UTC, such as 2026-01-31T10:00:00Z or
// 2026-01-31T10:00+01:00; local in the zone, such as 2026-01-31T10:00; or a day, such as 2026-01-31, which means its
// start in the zone. Seconds are optional.
func Parse(value string, zone *time.Location) (at time.Time, ok bool) {
	return parse(value, zone, false)
}

// ParseEnd is Parse, except that a day means its end: the last instant that can be stored.
func ParseEnd(value string, zone *time.Location) (at time.Time, ok bool) {
	return parse(value, zone, true)
}

func parse(value string, zone *time.Location, end bool) (at time.Time, ok bool) {
	at, ok = parseInstant(value)
	if !ok {
		at, ok = parseLocal(value, zone, end)
	}
	at = at.UTC().Truncate(database.Precision)
	return at, ok && 1 <= at.Year() && at.Year() <= 9999 // the range of every database and of RFC 3339
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
			return fromLocal(day.AddDate(0, 0, 1), zone).Add(-database.Precision), true
		}
		return fromLocal(day, zone), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if local, err := time.Parse(layout, value); err == nil {
			return fromLocal(local, zone), true
		}
	}
	return time.Time{}, false
}

// fromLocal returns the instant at which the clocks in the zone show what local shows in UTC. An ambiguous time means
// the first of the two; one that is skipped is read with the offset before the change (RFC 5545, 3.3.5).
func fromLocal(local time.Time, zone *time.Location) time.Time {
	const more = 24 * time.Hour // longer than any offset
	before, after := local.Add(-offsetAt(local.Add(-more), zone)), local.Add(-offsetAt(local.Add(more), zone))
	switch {
	case showsLocal(before, zone, local), !showsLocal(after, zone, local):
		return before
	}
	return after
}

// showsLocal reports whether the clocks in the zone show at the instant what local shows in UTC.
func showsLocal(at time.Time, zone *time.Location, local time.Time) bool {
	return at.Add(offsetAt(at, zone)).Equal(local)
}

func offsetAt(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// beginsDay reports whether the instant is the start of a day in the zone.
func beginsDay(t time.Time, zone *time.Location) bool { return t.Equal(midnight(t, zone, 0)) }

// endsDay reports whether the instant is in the last second of a day in the zone: clients may cut off the fraction of
// the last instant.
func endsDay(t time.Time, zone *time.Location) bool {
	return midnight(t, zone, 1).Sub(t) <= time.Second
}

// midnight returns the start of the instant's day in the zone, plus the given number of days.
func midnight(t time.Time, zone *time.Location, days int) time.Time {
	year, month, day := t.In(zone).Date()
	return fromLocal(time.Date(year, month, day+days, 0, 0, 0, 0, time.UTC), zone)
}
