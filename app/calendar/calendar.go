package calendar

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Event is the event in a file.
type Event struct {
	UID       string // unique to the event, the same in all its files
	Sequence  int64  // grows with every change of the event
	Stamp     time.Time
	Begin     time.Time
	End       *time.Time // nil: not known
	WholeDays bool       // Begin is the first day and End the day after the last, each in its own location
	Cancelled bool

	Summary     string
	Description string // may have several lines
	URL         string // empty: none
	Organizer   string // an email address
}

// MediaType is the media type of files, without parameters: RFC 5545, 8.1.
const MediaType = "text/calendar"

// MediaType returns the media type of File with the parameters that RFC 6047, 2.4 requires.
func (e Event) MediaType() string {
	return MediaType + "; charset=utf-8; method=" + e.method()
}

func (e Event) method() string {
	if e.Cancelled {
		return "CANCEL"
	}
	return "PUBLISH"
}

// File returns the file. Control characters, which iCalendar does not allow, become spaces.
func (e Event) File() []byte {
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	var f file
	f.line("BEGIN", "VCALENDAR")
	f.line("VERSION", "2.0")
	f.line("PRODID", "-//Guestlist//Guestlist//EN")
	f.line("METHOD", e.method())
	f.line("BEGIN", "VEVENT")
	f.line("UID", escape(e.UID))
	f.line("SEQUENCE", strconv.FormatInt(e.Sequence, 10))
	f.line("DTSTAMP", formatUTC(e.Stamp))
	f.time("DTSTART", e.Begin, e.WholeDays)
	if e.End != nil && e.End.After(e.Begin) { // RFC 5545, 3.8.2.2
		f.time("DTEND", *e.End, e.WholeDays)
	}
	f.line("SUMMARY", escape(e.Summary))
	if e.Description != "" {
		f.line("DESCRIPTION", escape(e.Description))
	}
	if e.URL != "" {
		f.line("URL", printable(e.URL)) // a URI is not escaped: RFC 5545, 3.3.13
	}
	f.line("ORGANIZER", "mailto:"+printable(e.Organizer))
	f.line("STATUS", status)
	f.line("END", "VEVENT")
	f.line("END", "VCALENDAR")
	return []byte(f.String())
}

// file collects the lines of a file.
type file struct{ strings.Builder }

// time writes a property whose value is a time or, if wholeDays, a date.
func (f *file) time(name string, t time.Time, wholeDays bool) {
	if wholeDays {
		f.line(name+";VALUE=DATE", t.Format("20060102"))
		return
	}
	f.line(name, formatUTC(t))
}

// formatUTC formats a time as RFC 5545, 3.3.5, form 2.
func formatUTC(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// maxLine is the maximum length of a line in octets, without the line break: RFC 5545, 3.1.
const maxLine = 75

// line writes a property, folded between characters into lines of up to maxLine octets.
func (f *file) line(name, value string) {
	room := maxLine
	for _, r := range name + ":" + value {
		if utf8.RuneLen(r) > room {
			f.WriteString("\r\n ")
			room = maxLine - 1
		}
		f.WriteRune(r)
		room -= utf8.RuneLen(r)
	}
	f.WriteString("\r\n")
}

var escapes = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// escape escapes a text value: RFC 5545, 3.3.11.
func escape(text string) string { return printable(escapes.Replace(text)) }

// printable replaces control characters with spaces, and invalid UTF-8 with U+FFFD.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
