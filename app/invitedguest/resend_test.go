package invitedguest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
)

func (a testApp) resend(t testing.TB, guestID int64) apptest.Response {
	t.Helper()
	return a.call(t, http.MethodPost, "/api/v1/invitedGuest/resend",
		map[string]any{"event_id": a.event.ID, "invited_guest_id": guestID})
}

// TestResend checks that an invitation is mailed again as often as the limit allows, but not while one waits to be
// sent.
func TestResend(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.LimitMailPerAddress = limits.Rate{Count: 3, Per: time.Hour} }))
	guest := a.invite(t, "ann")
	if got := a.resend(t, guest.GuestID); got.Status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.Status, got.Body)
	}
	first := a.Mails(t)
	if len(first) != 1 {
		t.Fatalf("mailed %+v, want the invitation that waited", first)
	}
	a.Clock.Advance(20 * time.Minute)
	for range 2 {
		if got := a.resend(t, guest.GuestID); got.Status != http.StatusOK {
			t.Fatalf("got %d %s, want 200", got.Status, got.Body)
		}
		again := a.Mails(t)
		if len(again) != 1 || again[0].Kind != "invitation" || code(t, again[0]) == code(t, first[0]) {
			t.Fatalf("mailed %+v, want an invitation with another code than in %+v", again, first[0])
		}
		// the guest can answer with any of the links, and the invitation can be sent again even then
		for _, m := range append(again, first...) {
			if got := a.answer(t, code(t, m), "accepted"); got.Status != http.StatusOK {
				t.Errorf("a link in a mail: got %d %s, want 200", got.Status, got.Body)
			}
		}
	}
	refused := a.resend(t, guest.GuestID)
	refused.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	if got := refused.Header.Get("Retry-After"); got != "2400" {
		t.Errorf("Retry-After: got %q, want 2400", got)
	}
	a.Clock.Advance(40 * time.Minute)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { a.resend(t, guest.GuestID) })
	}
	group.Wait()
	if got := a.Mails(t); len(got) != 1 {
		t.Errorf("five requests at the same time: mailed %+v, want one mail", got)
	}
	by := fmt.Sprintf(`%d 192.0.2.1 {"event_id":1}`, a.admin.ID)
	a.expectAudited(t, audit.InvitationResent, map[string]string{"ann@example.org": by + "\n" + by + "\n" + by})
	a.resend(t, 99).Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
	a.close(t)
	a.resend(t, guest.GuestID).Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
}

// close makes the registration for the event close an hour ago.
func (a testApp) close(t testing.TB) {
	t.Helper()
	if err := a.DB.Model(a.event).Update("registration_close", a.Clock.Now().Add(-time.Hour)).Error; err != nil {
		t.Fatal(err)
	}
}

// TestNobodyIsInvitedTooLate checks that no request or command can invite guests to an event after registration has
// closed, but that every kind of request can invite them to a journal, which never closes.
func TestNobodyIsInvitedTooLate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.StoreUser(t, "bob@example.org", "")
	a.invite(t, "zoe")
	ways := func(eventID int64) map[string]apptest.Request {
		return map[string]apptest.Request{
			"one": {Path: "/api/v1/invitedGuest", Body: map[string]any{"event_id": eventID, "email": "bob@example.org",
				"role": "guest"}},
			"a new one": {Path: "/api/v1/invitedGuest/create",
				Body: map[string]any{"event_id": eventID, "email": "eve@example.org", "role": "guest"}},
			"many": {Path: "/api/v1/invitedGuest/bulk", Body: map[string]any{"event_id": eventID, "role": "guest",
				"guests": []any{map[string]any{"email": "joe@example.org"}}}},
			"a dry run": {Path: "/api/v1/invitedGuest/bulk", Body: map[string]any{"event_id": eventID, "role": "guest",
				"dry_run": true, "guests": []any{map[string]any{"email": "jim@example.org"}}}},
		}
	}
	a.close(t)
	for _, way := range ways(a.event.ID) {
		a.call(t, http.MethodPost, way.Path, way.Body).Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
	}
	_, _, err := a.run(t, false, "email\nbob@example.org\n", "import", "--event", "gala", "--role", "guest", "-")
	if want := `registration for "gala" closed: `; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the import: got %v, want an error with %q", err, want)
	}
	if guests := a.count(t, &invitedguest.InvitedGuest{}); guests != 1 {
		t.Errorf("there are %d guests, want only the one who was invited before", guests)
	}

	journal := a.CreateEvent(t, "journal")
	a.Grant(t, journal.ID, a.admin.ID, events.Administrator)
	if err := a.DB.Model(journal).Update("end_date", nil).Error; err != nil {
		t.Fatal(err)
	}
	a.Clock.Advance(2 * 365 * 24 * time.Hour)
	a.admin.Token = a.signIn(t, a.admin.Email)
	for name, way := range ways(journal.ID) {
		if got := a.call(t, http.MethodPost, way.Path, way.Body); got.Status >= http.StatusBadRequest {
			t.Errorf("%s to a journal: got %d %s, want success", name, got.Status, got.Body)
		}
	}
}

// TestCorrectedAddressesAreLimited checks that correcting the address of a guest again and again is no way around the
// limit for Resend.
func TestCorrectedAddressesAreLimited(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.LimitMailPerAddress = limits.Rate{Count: 3, Per: time.Hour} }))
	guest := a.invite(t, "ann")
	a.Mails(t)
	for _, name := range []string{"bob", "ann"} {
		if got := a.update(t, guest.GuestID, map[string]any{"email": name + "@example.org"}); got.Status != http.StatusOK ||
			len(a.Mails(t)) != 1 {
			t.Fatalf("got %d %s, want 200 and one mail", got.Status, got.Body)
		}
	}
	refused := a.update(t, guest.GuestID, map[string]any{"email": "bob@example.org"})
	refused.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	if got := a.Mails(t); len(got) != 0 {
		t.Errorf("mailed %+v, want none", got)
	}
	a.Clock.Advance(time.Hour)
	if got := a.update(t, guest.GuestID, map[string]any{"email": "bob@example.org"}); got.Status != http.StatusOK ||
		len(a.Mails(t)) != 1 {
		t.Errorf("an hour later: got %d %s, want 200 and one mail", got.Status, got.Body)
	}
}
