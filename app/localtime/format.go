package localtime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Format writes the instant in the zone, for readers of the language: "Saturday 30 January 2100, 19:00, Lagos time". A
// local time that the clocks show twice is written with its offset too. The language is a tag such as fr or ar-EG; one
// that has no form of its own is written as English.
func Format(t time.Time, zone *time.Location, language string) string {
	f := formOf(language)
	t = t.In(zone)
	clock := f.inDigits(f.clock(t))
	if twice(t) {
		clock += " (" + f.inDigits(offset(t)) + ")"
	}
	return strings.NewReplacer("{date}", f.date(t), "{time}", clock, "{zone}", f.zone(t)).Replace(f.moment(t))
}

// FormatDate writes the day of the instant in the zone, for readers of the language: "Saturday 30 January 2100".
func FormatDate(t time.Time, zone *time.Location, language string) string {
	return formOf(language).date(t.In(zone))
}

// date writes the day of a local time.
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

// clock writes the time of day of a local time.
func (f *form) clock(t time.Time) string {
	layout := "15:04"
	half := ""
	if f.halves != [2]string{} {
		layout, half = "3:04", " "+f.halves[t.Hour()/12]
	}
	return t.Format(layout) + half
}

// moment returns the pattern that a local time is written by.
func (f *form) moment(t time.Time) string {
	if f.atOne != "" && t.Hour() == 1 {
		return f.atOne
	}
	return f.moments
}

// zone names the zone of a local time.
func (f *form) zone(t time.Time) string {
	name := t.Location().String()
	switch name {
	case "UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu":
		return f.utc
	}
	area, _, found := strings.Cut(name, "/")
	if !found { // CET and its like
		return name
	}
	if area == "Etc" {
		return f.inDigits(offset(t))
	}
	return f.cityTime(strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " "))
}

// offset writes how far the clocks are ahead of UTC at a local time: UTC+1, UTC−3:30.
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

// twice reports whether the clocks show the local time twice, because they are, or were, put back.
func twice(t time.Time) bool {
	begin, end := t.ZoneBounds()
	_, now := t.Zone()
	putBack := func(neighbour time.Time) time.Duration {
		_, other := neighbour.Zone()
		return time.Duration(other-now) * time.Second
	}
	return !begin.IsZero() && t.Sub(begin) < putBack(begin.Add(-1)) || !end.IsZero() && end.Sub(t) <= -putBack(end)
}

// inDigits writes the digits of a text as the form does.
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
