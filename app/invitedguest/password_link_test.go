package invitedguest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// setPassword opens the page that a guest's mail links to, has a link to set a password mailed from there, and sets one
// with it.
func (a testApp) setPassword(t *testing.T, sent mail.Envelope) {
	t.Helper()
	page := passwordPage.FindStringSubmatch(sent.Content.Text)
	if page == nil {
		t.Fatalf("got no link to a page for a password in %s", sent.Content.Text)
	}
	asks := a.Send(t, apptest.Request{Method: http.MethodGet, Path: page[1],
		Header: map[string]string{"Accept": "text/html"}})
	if asks.Status != http.StatusOK || !strings.Contains(asks.Body, `value="`+sent.To.Address+`"`) ||
		len(a.Mails(t)) != 0 {
		t.Errorf("got the page %d %s, want a question, and no mail before it is confirmed", asks.Status, asks.Body)
	}
	a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: page[1], Body: "action=confirm&email=" + url.QueryEscape(sent.To.Address),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
	})
	mails := a.Mails(t)
	if len(mails) != 1 || mails[0].Kind != "password_reset" || mails[0].To.Address != sent.To.Address {
		t.Fatalf("got %+v, want a mail with a link to set a password", mails)
	}
	a.resetPassword(t, mails[0])
}

// resetPassword sets a new password with the code in a mail.
func (a testApp) resetPassword(t *testing.T, m mail.Envelope) {
	t.Helper()
	body := map[string]any{"code": apptest.Code(t, m), "password": "a new one"}
	got := a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/password-reset/confirm", Body: body})
	if got.Status != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", got.Status, got.Body)
	}
}

// TestPasswordLinksStayGood checks that the offer of an account in the mail of one event stays valid after a mail of
// another event and after some days, and that a requested link stays valid when mails to the guest follow it.
func TestPasswordLinksStayGood(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(t *testing.T, a testApp, first, reset mail.Envelope){
		"the first mail's": func(t *testing.T, a testApp, first, _ mail.Envelope) {
			t.Helper()
			a.Clock.Advance(20 * 24 * time.Hour)
			a.setPassword(t, first)
		},
		"one that was asked for": func(t *testing.T, a testApp, _, reset mail.Envelope) {
			t.Helper()
			a.resetPassword(t, reset)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			a.invite(t, "zoe")
			first := a.Mails(t)[0]
			a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/password-reset/request",
				Body: map[string]any{"email": "zoe@example.org"}})
			reset := a.Mails(t)[0]
			ball := a.CreateEvent(t, "ball")
			a.Grant(t, ball.ID, a.admin.ID, "admin")
			a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": ball.ID, "email": "zoe@example.org",
				"role": "guest"}).
				Decode(t, http.StatusCreated, &struct{}{})
			a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": ball.ID, "reminder": "first"}).
				Decode(t, http.StatusOK, &struct{}{})
			if sent := a.Mails(t); len(sent) != 2 {
				t.Fatalf("got %+v, want an invitation and a reminder", sent)
			}
			use(t, a, first, reset)
		})
	}
}
