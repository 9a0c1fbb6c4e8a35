package localtime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Format formats the instant in the zone for readers of the language: "Saturday 30 January 2100, 19:00, Lagos time". An
// ambiguous local time also has its offset. The language is a tag such as fr or ar-EG; for languages without a form of
// their own, the format is English.
func Format(t time.Time, zone *time.Location, language string) string {
	f := formOf(language)
	t = t.In(zone)
	return f.dateTime(t) + f.comma + f.zone(t, language)
}

// FormatDate formats the day of the instant in the zone for readers of the language: "Saturday 30 January 2100".
func FormatDate(t time.Time, zone *time.Location, language string) string {
	return formOf(language).date(t.In(zone))
}

// FormatBegin is Format for when something opens: the start of a day is written as that day.
func FormatBegin(t time.Time, zone *time.Location, language string) string {
	if beginsDay(t, zone) {
		return FormatDate(t, zone, language)
	}
	return Format(t, zone, language)
}

// FormatEnd is Format for when something closes: the end of a day is written as that day.
func FormatEnd(t time.Time, zone *time.Location, language string) string {
	if endsDay(t, zone) {
		return FormatDate(t, zone, language)
	}
	return Format(t, zone, language)
}

// FormatSpan formats the time from begin to end: "Saturday 30 January 2100, 19:00 to 23:00, Lagos time". Whole days are
// written as days; without an end, the result is "from …".
func FormatSpan(begin time.Time, end *time.Time, zone *time.Location, language string) string {
	f := formOf(language)
	begin = begin.In(zone)
	if end == nil {
		return strings.ReplaceAll(f.openEnded, "{from}", FormatBegin(begin, zone, language))
	}
	last := end.In(zone)
	from, to := f.date(begin), f.date(last)
	if WholeDays(begin, last, zone) {
		if from == to {
			return from
		}
		return from + " – " + to
	}
	span := f.dateTime(begin) + " – " + f.dateTime(last)
	switch {
	case begin.Equal(last):
		span = f.dateTime(begin)
	case from == to:
		span = strings.NewReplacer("{date}", from, "{from}", f.clock(begin), "{to}", f.clock(last)).Replace(f.hours)
	}
	return span + f.comma + f.zone(begin, language)
}

// dateTime formats a local time without its zone.
func (f *form) dateTime(t time.Time) string {
	pattern := f.moments
	if f.atOne != "" && t.Hour() == 1 {
		pattern = f.atOne
	}
	return strings.NewReplacer("{date}", f.date(t), "{time}", f.clock(t)).Replace(pattern)
}

// date formats the day of a local time.
func (f *form) date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && f.first != "" {
		day = f.first
	}
	return strings.NewReplacer(
		"{weekday}", f.weekdays[t.Weekday()], "{day}", f.inDigits(day), "{month}", f.months[t.Month()-1],
		"{year}", f.inDigits(strconv.Itoa(t.Year())),
	).Replace(f.dates)
}

// clock formats the time of day of a local time, with its offset if it is ambiguous.
func (f *form) clock(t time.Time) string {
	written := t.Format("15:04")
	if f.halves != [2]string{} {
		written = t.Format("3:04") + " " + f.halves[t.Hour()/12]
	}
	if ambiguous(t) {
		written += " (" + offset(t) + ")"
	}
	return f.inDigits(written)
}

// zone names the zone of a local time.
func (f *form) zone(t time.Time, language string) string {
	name := t.Location().String()
	switch name {
	case "UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu":
		return f.utc
	}
	area, _, found := strings.Cut(name, "/")
	if !found { // such as CET
		return name
	}
	if area == "Etc" {
		return f.inDigits(offset(t))
	}
	return f.cityTime(cityOf(name, language))
}

// offset formats the offset from UTC at a local time: UTC+1, UTC−3:30.
func offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	text := fmt.Sprintf("UTC%s%d", sign, seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		text += fmt.Sprintf(":%02d", minutes)
	}
	return text
}

// ambiguous reports whether the clocks show the local time twice, because they are put back before or after it.
func ambiguous(t time.Time) bool {
	begin, end := t.ZoneBounds()
	_, now := t.Zone()
	putBack := func(neighbour time.Time) time.Duration {
		_, other := neighbour.Zone()
		return time.Duration(other-now) * time.Second
	}
	return !begin.IsZero() && t.Sub(begin) < putBack(begin.Add(-1)) || !end.IsZero() && end.Sub(t) <= -putBack(end)
}

// inDigits replaces the digits of a text with those of the form.
func (f *form) inDigits(text string) string {
	if !f.arabicIndic {
		return text
	}
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r - '0' + '٠'
		}
		return r
	}, text)
}
