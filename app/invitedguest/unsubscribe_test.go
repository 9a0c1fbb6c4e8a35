package invitedguest_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
)

// TestUnsubscribe ends the reminders of one invitation as a mail program does, and checks that nothing else changes:
// other invitations, the answer, and the link to answer with.
func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	a.invite(t, "ann")
	ball := a.CreateEvent(t, "ball")
	a.Grant(t, ball.ID, a.admin.ID, "admin")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": ball.ID, "email": "zoe@example.org",
		"role": "guest"}).
		Decode(t, http.StatusCreated, &struct{}{})
	link, answer := "", ""
	for _, m := range a.Mails(t) {
		if want := a.Config.PublicURL + "/invitation/" + code(t, m) + "/unsubscribe"; m.Content.Unsubscribe != want {
			t.Errorf("got %q, want %q", m.Content.Unsubscribe, want)
		}
		if m.To.Address == "zoe@example.org" && strings.Contains(m.Content.Subject, "gala") {
			link, answer = strings.TrimPrefix(m.Content.Unsubscribe, a.Config.PublicURL), code(t, m)
		}
	}
	open := func(method, path, mediaType, body string) apptest.Response {
		return a.Send(t, apptest.Request{Method: method, Path: path, Body: body,
			Header: map[string]string{"Content-Type": mediaType, "Accept": "text/html"}})
	}
	if got := open(http.MethodGet, link, "", ""); got.Status != http.StatusOK || !strings.Contains(got.Body, "<button ") ||
		a.unsubscribed(t) != 0 {
		t.Errorf("got %d %s, want a question and no change", got.Status, got.Body)
	}
	const form = "multipart/form-data; boundary=x"
	for mediaType, body := range map[string]string{
		"application/x-www-form-urlencoded": "List-Unsubscribe=One-Click",
		form: "--x\r\nContent-Disposition: form-data; " +
			"name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
		"text/plain": "",
	} {
		if got := open(http.MethodPost, link, mediaType, body); got.Status != http.StatusOK ||
			!strings.Contains(got.Body, `id="done"`) {
			t.Errorf("%s: got %d %s, want the page that says it is done", mediaType, got.Status, got.Body)
		}
	}
	if got := open(http.MethodGet, link, "", ""); !strings.Contains(got.Body, `id="done"`) || a.unsubscribed(t) != 1 ||
		a.status(t, guest) != "invited" {
		t.Errorf("got %d %s and %d unsubscribed guests, want the page that says it is done, and one, who is "+
			"still invited", got.Status, got.Body, a.unsubscribed(t))
	}
	if got := open(http.MethodPost, "/invitation/x/unsubscribe", form, ""); got.Status != http.StatusNotFound ||
		!strings.Contains(got.Body, `id="problem"`) {
		t.Errorf("got %d %s, want a page that says that the link is not valid", got.Status, got.Body)
	}
	for event, want := range map[int64]invitedguest.Reminded{a.event.ID: {Reminded: 1, Unsubscribed: 1},
		ball.ID: {Reminded: 1}} {
		var got invitedguest.Reminded
		a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": event, "reminder": "first"}).
			Decode(t, http.StatusOK, &got)
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if sent := a.Mails(t); len(sent) != 2 || sent[0].To.Address != "ann@example.org" ||
		!strings.Contains(sent[0].Content.Text, sent[0].Content.Unsubscribe) ||
		!strings.Contains(sent[1].Content.Subject, "ball") {
		t.Errorf("got %+v, want reminders to ann and, of the ball, to zoe", sent)
	}
	a.answer(t, answer, "accepted").Decode(t, http.StatusOK, &struct{}{})
}

// TestUnsubscribeBeforeTheReminder checks that a waiting reminder is not sent after the guest unsubscribes.
func TestUnsubscribeBeforeTheReminder(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "zoe")
	link := strings.TrimPrefix(a.Mails(t)[0].Content.Unsubscribe, a.Config.PublicURL)
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "first"}).
		Decode(t, http.StatusOK, &struct{}{})
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: link})
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("got %+v, want no mail", sent)
	}
}

// unsubscribed returns how many guests want no reminders.
func (a testApp) unsubscribed(t *testing.T) (count int64) {
	t.Helper()
	if err := a.DB.Model(&invitedguest.InvitedGuest{}).Where("unsubscribed_at IS NOT NULL").Count(&count).
		Error; err != nil {
		t.Fatal(err)
	}
	return count
}
