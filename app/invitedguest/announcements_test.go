package invitedguest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// announced is the response to an announcement.
type announced struct {
	DryRun     bool `json:"dry_run"`
	Recipients int  `json:"recipients"`
	Already    bool `json:"already_sent"`
	Mails      []struct {
		Language, Subject, Text, HTML string
		Recipients                    int
	} `json:"mails"`
}

func (a testApp) sendAnnouncement(t testing.TB, kind string, note any, dry bool) apptest.Response {
	t.Helper()
	body := map[string]any{"event_id": a.event.ID, "kind": kind, "dry_run": dry}
	if note != nil {
		body["note"] = note
	}
	return a.call(t, http.MethodPost, "/api/v1/event-mail", body)
}

func (a testApp) announce(t testing.TB, kind string, note any, dry bool) (got announced) {
	t.Helper()
	a.sendAnnouncement(t, kind, note, dry).Decode(t, http.StatusOK, &got)
	return got
}

// newAnnouncingApp returns an application with four guests: ann has accepted, bob has declined, fay has not answered
// and reads French, and the invitation of new has not been mailed yet. It returns the codes of the first three by name.
func newAnnouncingApp(t testing.TB) (a testApp, codes map[string]string) {
	t.Helper()
	a, codes = newTestApp(t), map[string]string{}
	for _, name := range []string{"ann", "bob", "fay"} {
		a.invite(t, name)
	}
	if err := a.DB.Model(&users.User{}).Where("email = ?", "fay@example.org").Update("primary_language", "fr-CA").
		Error; err != nil {
		t.Fatal(err)
	}
	for _, m := range a.Mails(t) {
		name, _, _ := strings.Cut(m.To.Address, "@")
		codes[name] = code(t, m)
	}
	a.answer(t, codes["ann"], "accepted").Decode(t, http.StatusOK, &map[string]any{})
	a.answer(t, codes["bob"], "declined").Decode(t, http.StatusOK, &map[string]any{})
	a.invite(t, "new")
	a.Clock.Advance(time.Minute)
	return a, codes
}

func kindsOf(sent []mail.Envelope) string {
	var kinds []string
	for _, m := range sent {
		kinds = append(kinds, m.To.Address+" "+m.Kind)
	}
	return strings.Join(kinds, ", ")
}

func TestAnnounceChange(t *testing.T) {
	t.Parallel()
	a, codes := newAnnouncingApp(t)
	note := map[string]string{"en": "Doors open at six.\n\nBring <b>a coat</b>.", "fr": "Prenez un manteau."}
	a.changeEvent(t, map[string]any{"name": map[string]string{"en": "The great gala", "fr": "Le grand gala"}})

	shown := a.announce(t, "change", note, true)
	if !shown.DryRun || shown.Recipients != 2 || shown.Already || len(shown.Mails) != 2 {
		t.Fatalf("got %+v, want a dry run of 2 mails to 2 guests, not sent before", shown)
	}
	english, french := shown.Mails[0], shown.Mails[1]
	if english.Language != "en" || french.Language != "fr-CA" || english.Recipients != 1 || french.Recipients != 1 {
		t.Errorf("got %+v, want a mail in en and one in fr-CA, each to one guest", shown.Mails)
	}
	if got, want := english.Subject, "Changed: The great gala"; got != want {
		t.Errorf("the subject is %q, want %q", got, want)
	}
	for _, part := range []struct{ of, want string }{
		{english.Text, "\n\nDoors open at six.\n\nBring <b>a coat</b>.\n\n"},
		{english.HTML, "Bring &lt;b&gt;a coat&lt;/b&gt;."},
		{french.Text, "Prenez un manteau."},
		{french.Text, "Le grand gala"},
	} {
		if !strings.Contains(part.of, part.want) {
			t.Errorf("the mail lacks %q:\n%s", part.want, part.of)
		}
	}
	if rows := a.count(t, &invitedguest.Announcement{}); rows != 0 {
		t.Errorf("a dry run has stored %d rows, want none", rows)
	}

	for i, already := range []bool{false, true} { // a double click
		if got := a.announce(t, "change", note, false); got.Recipients != 2 || got.Already != already || got.DryRun {
			t.Errorf("click %d: got %+v, want 2 recipients, already sent %v, no dry run", i+1, got, already)
		}
	}
	if got := a.announce(t, "change", note, true); !got.Already || got.Recipients != 2 {
		t.Errorf("a dry run after the announcement: got %+v, want 2 recipients, already sent", got)
	}
	sent := a.Mails(t)
	if got, want := kindsOf(sent),
		"ann@example.org event_change, fay@example.org event_change, new@example.org invitation"; got != want {
		t.Fatalf("sent %s, want %s", got, want)
	}
	if file := calendarOf(t, sent[0]); file["METHOD"] != "PUBLISH" || file["SUMMARY"] != "The great gala" {
		t.Errorf("the calendar file is %v, want METHOD PUBLISH and SUMMARY The great gala", file)
	}
	if got, want := sent[1].Content.Subject, french.Subject; got != want {
		t.Errorf("sent the subject %q, want %q as in the dry run", got, want)
	}
	a.answer(t, code(t, sent[0]), "declined").Decode(t, http.StatusOK, &map[string]any{})
	a.answer(t, codes["ann"], "accepted").Decode(t, http.StatusOK, &map[string]any{}) // the first link is still valid

	if got := a.announce(t, "change", nil, false); got.Already || got.Recipients != 3 {
		t.Errorf("another note: got %+v, want 3 recipients, not sent before", got)
	}
	a.Clock.Advance(time.Second)
	a.changeEvent(t, map[string]any{"url": "https://example.org"})
	if got := a.announce(t, "change", nil, false); got.Already || got.Recipients != 3 {
		t.Errorf("another change: got %+v, want 3 recipients, not sent before", got)
	}
}

func TestAnnounceCancellation(t *testing.T) {
	t.Parallel()
	a, codes := newAnnouncingApp(t)
	calendarBefore := readCalendar(t, a.calendar(t, codes["ann"]).Body)
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "first"}).
		Decode(t, http.StatusOK, &struct{}{})
	if shown := a.announce(t, "cancellation", nil, true); shown.Recipients != 2 {
		t.Errorf("the dry run has %d recipients, want 2", shown.Recipients)
	}
	if got := a.eventOf(t)["cancelled_at"]; got != nil {
		t.Errorf("a dry run has cancelled the event at %v", got)
	}
	for i, already := range []bool{false, true} {
		if got := a.announce(t, "cancellation", map[string]string{"en": []string{"Sorry", "Again"}[i]},
			false); got.Recipients != 2 || got.Already != already {
			t.Errorf("click %d: got %+v, want 2 recipients, already sent %v", i+1, got, already)
		}
	}
	sent := a.Mails(t)
	if got, want := kindsOf(sent), "ann@example.org event_cancellation, fay@example.org event_cancellation"; got != want {
		t.Fatalf("sent %s, want %s", got, want)
	}
	file := calendarOf(t, sent[0])
	if file["METHOD"] != "CANCEL" || file["UID"] != calendarBefore["UID"] ||
		file.sequence(t) <= calendarBefore.sequence(t) {
		t.Errorf("the calendar file is %v, want METHOD CANCEL, the same UID and a higher SEQUENCE than %v", file,
			calendarBefore)
	}
	text := sent[0].Content.Text
	for _, want := range []string{"is cancelled.", "\n\nSorry\n\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "/invitation/") {
		t.Errorf("the mail has a link to the invitation:\n%s", text)
	}

	a.answer(t, codes["fay"], "accepted").Error(t, http.StatusConflict, "EVENT_CANCELLED")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind",
		map[string]any{"event_id": a.event.ID, "reminder": "second"}).
		Error(t, http.StatusConflict, "EVENT_CANCELLED")
	a.sendAnnouncement(t, "change", nil, true).Error(t, http.StatusConflict, "EVENT_CANCELLED")
	a.sendAnnouncement(t, "change", nil, false).Error(t, http.StatusConflict, "EVENT_CANCELLED")
	for _, form := range []string{"", "status=accepted"} {
		page := a.page(t, codes["ann"], form)
		if want := "This event is cancelled."; !strings.Contains(page.Body, want) {
			t.Errorf("form %q: the page lacks %q: %d %s", form, want, page.Status, page.Body)
		}
		for _, wrong := range []string{"<form", "event.ics", "looking forward"} {
			if strings.Contains(page.Body, wrong) {
				t.Errorf("form %q: the page shows %q: %d %s", form, wrong, page.Status, page.Body)
			}
		}
	}
	if file := readCalendar(t, a.calendar(t, codes["ann"]).Body); file["METHOD"] != "CANCEL" {
		t.Errorf("the calendar file of the page is %v, want METHOD CANCEL", file)
	}
	a.changeEvent(t, map[string]any{"url": "https://example.org"})
	event := a.eventOf(t)
	if event["cancelled_at"] == nil {
		t.Error("changing the event has undone the cancellation")
	}
	var view map[string]any
	a.call(t, http.MethodGet, pathOf("event-by-key", "event_key", event["key"]), nil).Decode(t, http.StatusOK, &view)
	for _, field := range []string{"is_event_opening", "is_registration_open"} {
		if view[field] != false {
			t.Errorf("a cancelled event: %s is %v, want false", field, view[field])
		}
	}
}

// TestAnnounceWhatIsOver checks that a change is not mailed to a guest who has declined since, or if the event has been
// cancelled since.
func TestAnnounceWhatIsOver(t *testing.T) {
	t.Parallel()
	a, codes := newAnnouncingApp(t)
	a.announce(t, "change", nil, false)
	a.answer(t, codes["ann"], "declined").Decode(t, http.StatusOK, &map[string]any{})
	a.announce(t, "cancellation", nil, false)
	if got, want := kindsOf(a.Mails(t)), "fay@example.org event_cancellation"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestAnnounceToRefused checks that guests whose address the mail server has refused get no announcement until the
// address is corrected.
func TestAnnounceToRefused(t *testing.T) {
	t.Parallel()
	a, s := mailServer(t)
	bob := a.invite(t, "bob")
	a.invite(t, "ann")
	s.errors["bob@example.org"] = errRefused
	a.Mails(t)
	if shown := a.announce(t, "change", nil, true); shown.Recipients != 1 {
		t.Errorf("the dry run has %d recipients, want 1", shown.Recipients)
	}
	s.sent = nil
	if got := a.announce(t, "change", nil, false); got.Recipients != 1 {
		t.Errorf("announced to %d guests, want 1", got.Recipients)
	}
	a.Mails(t)
	if got, want := strings.Join(s.sent, ", "), "event_change ann@example.org"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}

	a.update(t, bob.GuestID, map[string]any{"email": "bobby@example.org"}).Decode(t, http.StatusOK, &struct{}{})
	a.Mails(t)
	if got := a.announce(t, "cancellation", nil, false); got.Recipients != 2 {
		t.Errorf("after the correction: announced to %d guests, want 2", got.Recipients)
	}
}

func TestAnnounceRefusals(t *testing.T) {
	t.Parallel()
	a, _ := newAnnouncingApp(t)
	for field, body := range map[string]map[string]any{
		"kind":    {"event_id": 1, "kind": "party", "dry_run": true},
		"dry_run": {"event_id": 1, "kind": "change"},
		"note": {"event_id": 1, "kind": "change", "dry_run": true,
			"note": map[string]string{"en": strings.Repeat("x", 5001)}},
		"event_id": {"kind": "change", "dry_run": true},
	} {
		got := a.call(t, http.MethodPost, "/api/v1/event-mail", body)
		if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, `"`+field+`":`) {
			t.Errorf("%s: got %d %s, want 400 with the field", field, got.Status, got.Body)
		}
	}
	other := a.RegisterVerified(t, "other@example.org")
	a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/event-mail", Token: other.Token,
		Body: map[string]any{"event_id": a.event.ID, "kind": "cancellation", "dry_run": false},
	}).Error(t, http.StatusForbidden, "FORBIDDEN")
	if a.eventOf(t)["cancelled_at"] != nil {
		t.Error("a stranger has cancelled the event")
	}
}

// calendar requests the calendar file of the page of an invitation.
func (a testApp) calendar(t testing.TB, code string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/invitation/" + code + "/event.ics"})
}

// eventOf returns the event as administrators see it.
func (a testApp) eventOf(t testing.TB) (event map[string]any) {
	t.Helper()
	a.call(t, http.MethodGet, pathOf("event", "id", a.event.ID), nil).Decode(t, http.StatusOK, &event)
	return event
}
