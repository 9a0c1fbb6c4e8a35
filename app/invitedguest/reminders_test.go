package invitedguest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
)

func TestRemind(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, name := range []string{"zoe", "ann", "bob"} {
		a.invite(t, name)
	}
	for _, m := range a.Mails(t) {
		if m.To.Address == "zoe@example.org" {
			a.answer(t, code(t, m), "declined").Decode(t, http.StatusOK, &struct{}{})
		}
	}
	elsewhere := a.CreateEvent(t, "other") // whose guests are not reminded
	a.storeGuest(t, invitedguest.InvitedGuest{EventID: elsewhere.ID, UserID: a.Register(t, "eve@example.org").ID,
		Role: "guest", Status: invitedguest.Invited})
	a.Mails(t)
	remind := func(name string) apptest.Response {
		return a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind",
			map[string]any{"event_id": a.event.ID, "reminder": name})
	}
	for _, step := range []struct {
		reminder string
		mails    int
	}{{"first", 2}, {"first", 0}, {"second", 2}} {
		var got struct{ Reminded int }
		remind(step.reminder).Decode(t, http.StatusOK, &got)
		sent := a.Mails(t)
		if got.Reminded != step.mails || len(sent) != step.mails {
			t.Errorf("%s: %d reminded, %d mails, want %d", step.reminder, got.Reminded, len(sent), step.mails)
		}
		for _, m := range sent {
			if !strings.HasPrefix(m.Content.Subject, "Reminder: ") || m.To.Address == "zoe@example.org" {
				t.Errorf("sent %+v, want a subject that begins with Reminder, not to zoe", m)
			}
		}
	}
	a.invite(t, "cid")
	a.Mails(t)
	remind("second").Decode(t, http.StatusOK, &struct{}{})
	if sent := a.Mails(t); len(sent) != 1 || sent[0].To.Address != "cid@example.org" {
		t.Errorf("sent %+v, want one mail to cid@example.org", sent)
	}
	// A guest who answers before the mail is sent gets none.
	remind("third").Decode(t, http.StatusOK, &struct{}{})
	if err := a.DB.Exec("UPDATE invited_guests SET status = 'accepted'").Error; err != nil {
		t.Fatal(err)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent %+v, want none", sent)
	}
	remind(" ").Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.Clock.Advance(365 * 24 * time.Hour)
	a.admin.Token = a.signIn(t, a.admin.Email)
	remind("late").Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
}

func (a testApp) signIn(t testing.TB, email string) string {
	t.Helper()
	var user apptest.User
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/authenticate",
		Body: map[string]any{"email": email, "password": apptest.Password}}).
		Decode(t, http.StatusOK, &user)
	return user.Token
}

func TestCount(t *testing.T) {
	t.Parallel()
	a, vip := newListApp(t)
	unused := a.storeTag(t, a.event.ID, "unused")
	var got any
	a.call(t, http.MethodGet, pathOf("invitedGuest/counts", "event_id", a.event.ID, "language", "fr"), nil).
		Decode(t, http.StatusOK, &got)
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"by_mail_status":{"failed":0,"none":5,"queued":0,"refused":0,"sent":0},`+
		`"by_role":{"guest":3,"speaker":2},"by_status":{"accepted":2,"declined":1,"invited":2},`+
		`"by_tag":[{"guests":2,"name":"le vip","tag_id":%d},{"guests":0,"name":"le unused","tag_id":%d}],`+
		`"event_id":1,"total":5}`, vip, unused)
	if string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
	a.call(t, http.MethodGet, pathOf("invitedGuest/counts", "event_id", 99), nil).
		Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
}

// TestRemindAtOnce checks that reminders, some with the same name, succeed while the guests are removed one by one.
func TestRemindAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var guests []int64
	for i := range 40 {
		guests = append(guests, a.invite(t, fmt.Sprint("guest", i)).GuestID)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for _, id := range guests {
			a.call(t, http.MethodDelete, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", id), nil).
				Decode(t, http.StatusOK, &struct{}{})
		}
	})
	for range 3 {
		group.Go(func() {
			for i := range 20 {
				body := map[string]any{"event_id": a.event.ID, "reminder": fmt.Sprint(i)}
				if got := a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", body); got.Status != http.StatusOK {
					t.Errorf("got %d %s, want 200", got.Status, got.Body)
				}
			}
		})
	}
	group.Wait()
}
