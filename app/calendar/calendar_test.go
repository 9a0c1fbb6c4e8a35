package calendar_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"guestlist/app/calendar"
)

var begin = time.Date(2100, 1, 30, 18, 0, 0, 0, time.FixedZone("", 3600))

func gala() calendar.Event {
	return calendar.Event{
		UID: "b1", Sequence: 7, Stamp: begin.AddDate(0, -1, 0), Begin: begin, End: new(begin.Add(time.Hour)),
		Summary: "Gala, dinner; dance", Description: "Bring:\r\n\\ a coat\n", URL: "https://example.org/?a=1,2;3",
		Organizer: "team@example.org",
	}
}

// lines returns the unfolded lines of a file (RFC 5545, 3.1), and checks the form of the folded ones.
func lines(t *testing.T, file []byte) []string {
	t.Helper()
	whole, ended := strings.CutSuffix(string(file), "\r\n")
	if !ended || !utf8.Valid(file) {
		t.Errorf("got the file %q, want UTF-8 with CRLF at the end", file)
	}
	folded := strings.SplitSeq(whole, "\r\n")
	for line := range folded {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00\x07") || !utf8.ValidString(line) {
			t.Errorf("got %d octets, %q; want at most 75, of UTF-8 without control characters", len(line), line)
		}
	}
	return strings.Split(strings.ReplaceAll(whole, "\r\n ", ""), "\r\n")
}

func TestFile(t *testing.T) {
	t.Parallel()
	cancelled, days, journal := gala(), gala(), gala()
	cancelled.Cancelled = true
	days.WholeDays, days.End = true, new(begin.AddDate(0, 0, 2))
	journal.End, journal.Description, journal.URL = nil, "", ""
	for _, test := range []struct {
		name        string
		event       calendar.Event
		want, never []string
	}{
		{"published", gala(), []string{
			"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guestlist//Guestlist//EN", "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:b1",
			"SEQUENCE:7", "DTSTAMP:20991230T170000Z", "DTSTART:21000130T170000Z", "DTEND:21000130T180000Z",
			`SUMMARY:Gala\, dinner\; dance`, `DESCRIPTION:Bring:\n\\ a coat\n`, "URL:https://example.org/?a=1,2;3",
			"ORGANIZER:mailto:team@example.org", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR",
		}, []string{"ATTENDEE", "METHOD:REQUEST"}},
		{"cancelled", cancelled, []string{"METHOD:CANCEL", "STATUS:CANCELLED", "UID:b1", "ORGANIZER:mailto:team@example.org"},
			[]string{"METHOD:PUBLISH"}},
		{"whole days", days, []string{"DTSTART;VALUE=DATE:21000130", "DTEND;VALUE=DATE:21000201"}, []string{"T18"}},
		{"without end", journal, []string{"DTSTART:21000130T170000Z"}, []string{"DTEND", "DESCRIPTION", "URL"}},
	} {
		got := "\n" + strings.Join(lines(t, test.event.File()), "\n") + "\n"
		for _, line := range test.want {
			if n := strings.Count(got, "\n"+line+"\n"); n != 1 {
				t.Errorf("%s: got the line %q %d times, want once, in %s", test.name, line, n, got)
			}
		}
		for _, word := range test.never {
			if strings.Contains(got, word) {
				t.Errorf("%s: the file shows %q: %s", test.name, word, got)
			}
		}
	}
	const mediaType = "text/calendar; charset=utf-8; method=CANCEL"
	if got := cancelled.MediaType(); got != mediaType {
		t.Errorf("the media type is %s, want %s", got, mediaType)
	}
}

// TestLongLines checks that long lines are folded between characters, whatever their number of octets, and that texts
// cannot add lines.
func TestLongLines(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Repeat("x", 66), strings.Repeat("x", 67), strings.Repeat("x", 1000), strings.Repeat("é", 200),
		strings.Repeat("حفل ", 100), "x" + strings.Repeat("😀", 60), strings.Repeat("a b", 60),
	} {
		event := gala()
		event.Summary = text
		if got := "\n" + strings.Join(lines(t, event.File()), "\n"); !strings.Contains(got, "\nSUMMARY:"+text+"\n") {
			t.Errorf("the summary %q became %s", text, got)
		}
	}
	event := gala()
	event.Summary, event.URL = "x\rATTENDEE:mailto:eve@example.org\x00\x07\xff",
		"https://x\r\nATTENDEE:mailto:eve@example.org"
	event.Organizer = "x\nATTENDEE:y"
	for _, line := range lines(t, event.File()) {
		if strings.HasPrefix(line, "ATTENDEE") {
			t.Errorf("a text added the line %q", line)
		}
	}
}
