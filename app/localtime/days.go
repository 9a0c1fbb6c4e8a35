package localtime

import "time"

// WholeDays reports whether FormatSpan writes the time from begin to end as whole days: whether it starts and ends with
// a day in the zone.
func WholeDays(begin, end time.Time, zone *time.Location) bool {
	return beginsDay(begin, zone) && endsDay(end, zone)
}
