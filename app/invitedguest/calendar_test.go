package invitedguest_test

import (
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guestlist/app/mail"
	"guestlist/app/users"
)

// calendarFile is the properties of a calendar file by name.
type calendarFile map[string]string

var property = regexp.MustCompile(`^([A-Z]+)[^:]*:(.*)$`)

func readCalendar(t testing.TB, data string) calendarFile {
	t.Helper()
	found := calendarFile{}
	for line := range strings.SplitSeq(strings.ReplaceAll(data, "\r\n ", ""), "\r\n") {
		if match := property.FindStringSubmatch(line); match != nil && match[1] != "BEGIN" && match[1] != "END" {
			found[match[1]] = match[2]
		}
	}
	if found["UID"] == "" || found["DTSTAMP"] == "" {
		t.Errorf("the file lacks UID or DTSTAMP:\n%s", data)
	}
	return found
}

func (f calendarFile) sequence(t testing.TB) int64 {
	t.Helper()
	number, err := strconv.ParseInt(f["SEQUENCE"], 10, 32)
	if err != nil || number < 0 {
		t.Errorf("the sequence is %q, %v; want a number from 0", f["SEQUENCE"], err)
	}
	return number
}

// calendarOf returns the calendar file in a mail.
func calendarOf(t testing.TB, m mail.Envelope) calendarFile {
	t.Helper()
	if len(m.Content.Files) != 1 {
		t.Fatalf("the mail has the files %v, want one", m.Content.Files)
	}
	file := m.Content.Files[0]
	found := readCalendar(t, string(file.Data))
	if want := "text/calendar; charset=utf-8; method=" + found["METHOD"]; file.Name != "gala.ics" ||
		file.MediaType != want {
		t.Errorf("the file is %s, %s, want gala.ics, %s", file.Name, file.MediaType, want)
	}
	return found
}

// TestCalendarInMails checks that an invitation publishes the event, that its withdrawal cancels that event, and that a
// new invitation of the same guest is another event in the calendar.
func TestCalendarInMails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	if err := a.DB.Model(&users.User{}).Where("id = ?", guest.UserID).Update("primary_language", "fr").Error; err != nil {
		t.Fatal(err)
	}
	invitation := a.Mails(t)[0]
	published := calendarOf(t, invitation)
	const layout = "20060102T150405Z"
	for name, want := range map[string]string{
		"METHOD": "PUBLISH", "STATUS": "CONFIRMED", "SUMMARY": "Le gala", "DESCRIPTION": "Sur gala",
		"DTSTART": a.event.StartDate.UTC().Format(layout), "DTEND": a.event.EndDate.UTC().Format(layout),
		"ORGANIZER": "mailto:" + a.Config.MailFrom.Address,
	} {
		if published[name] != want {
			t.Errorf("published: %s is %q, want %q", name, published[name], want)
		}
	}
	if secret := code(t, invitation); strings.Contains(string(invitation.Content.Files[0].Data), secret) {
		t.Error("the calendar file, which people share, has the code")
	}

	a.Clock.Advance(time.Minute)
	if err := a.DB.Model(a.event).Update("email_from", "team@example.org").Error; err != nil {
		t.Fatal(err)
	}
	id := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest", id).Decode(t, http.StatusOK, &struct{}{})
	cancelled := calendarOf(t, a.Mails(t)[0])
	for name, want := range map[string]string{
		"METHOD": "CANCEL", "STATUS": "CANCELLED", "ORGANIZER": "mailto:team@example.org", "UID": published["UID"],
	} {
		if cancelled[name] != want {
			t.Errorf("cancelled: %s is %q, want %q", name, cancelled[name], want)
		}
	}
	if got, before := cancelled.sequence(t), published.sequence(t); got <= before {
		t.Errorf("cancelled: the sequence is %d, want more than %d", got, before)
	}

	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "zoe@example.org",
		"role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	if again := calendarOf(t, a.Mails(t)[0]); again["UID"] == published["UID"] || again["METHOD"] != "PUBLISH" {
		t.Errorf("published %v, then %v, want METHOD PUBLISH and another UID", published, again)
	}
}

// TestCalendarOfWholeDays checks that the calendar file of an event of whole days has dates without times, and ends on
// the day after the last.
func TestCalendarOfWholeDays(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	dates := map[string]any{"start_date": time.Date(2100, 1, 30, 0, 0, 0, 0, time.UTC),
		"end_date": time.Date(2100, 1, 31, 23, 59, 59, 999_999_000, time.UTC)}
	if err := a.DB.Model(a.event).Updates(dates).Error; err != nil {
		t.Fatal(err)
	}
	a.invite(t, "zoe")
	if got := calendarOf(t, a.Mails(t)[0]); got["DTSTART"] != "21000130" || got["DTEND"] != "21000201" {
		t.Errorf("from %s to %s, want from 21000130 to 21000201", got["DTSTART"], got["DTEND"])
	}
}

// TestCalendarOfThePage checks that the page has a calendar file of the event as it is now, with the same UID as in the
// mail.
func TestCalendarOfThePage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "zoe")
	invitation := a.Mails(t)[0]
	mailed, code := calendarOf(t, invitation), code(t, invitation)
	a.Clock.Advance(time.Minute)
	a.changeEvent(t, map[string]any{"name": map[string]string{"en": "The great gala", "fr": "Le grand gala"}})
	got := a.calendar(t, code)
	for header, want := range map[string]string{
		"Content-Type":        "text/calendar; charset=utf-8; method=PUBLISH",
		"Content-Disposition": `attachment; filename="gala.ics"`,
		"Cache-Control":       "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
	} {
		if got.Header.Get(header) != want {
			t.Errorf("%s is %q, want %q", header, got.Header.Get(header), want)
		}
	}
	found := readCalendar(t, got.Body)
	if got.Status != http.StatusOK || found["SUMMARY"] != "The great gala" || found["UID"] != mailed["UID"] ||
		found.sequence(t) <= mailed.sequence(t) {
		t.Errorf("got %d %v, want 200 and The great gala with the same UID and a higher SEQUENCE than %v", got.Status, found,
			mailed)
	}
	if got, want := a.calendar(t, "x"), `id="problem"`; got.Status != http.StatusNotFound ||
		!strings.Contains(got.Body, want) {
		t.Errorf("a wrong code: got %d %s, want 404 with %s", got.Status, got.Body, want)
	}
}

// changeEvent changes members of the event and keeps the others.
func (a testApp) changeEvent(t testing.TB, members map[string]any) {
	t.Helper()
	event := a.eventOf(t)
	maps.Copy(event, members)
	a.call(t, http.MethodPut, "/api/v1/event", event).Decode(t, http.StatusOK, &event)
}
