package invitedguest_test

import (
	"net/http"
	"testing"
	"time"

	"guestlist/app/invitedguest"
)

// TestMailsThatComeTooLate are not sent: an invitation after registration has closed, and the news of one withdrawn to
// who is a guest again.
func TestMailsThatComeTooLate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	a.Mails(t)
	id := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest", id).Decode(t, http.StatusOK, &struct{}{})
	a.Clock.Advance(time.Second)
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "zoe@example.org", "role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	if sent := a.Mails(t); len(sent) != 1 || sent[0].Kind != "invitation" {
		t.Errorf("sent %+v", sent)
	}
	a.invite(t, "ann")
	if err := a.DB.Model(a.event).Update("registration_close", a.Clock.Now()).Error; err != nil {
		t.Fatal(err)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

// TestCodeOfAnotherInvitation: where a database gives an id again, as after a backup is restored, an old code is not
// good.
func TestCodeOfAnotherInvitation(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	old := code(t, a.Mails(t)[0])
	a.answer(t, old, "accepted").Decode(t, http.StatusOK, &map[string]any{})
	again := a.DB.Model(&invitedguest.InvitedGuest{}).Where("id = ?", guest.GuestID)
	if err := again.UpdateColumn("created_at", a.Clock.Now().Add(time.Second)).Error; err != nil {
		t.Fatal(err)
	}
	a.answer(t, old, "declined").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
}

// TestSameAnswerAgain leaves the time of the first.
func TestSameAnswerAgain(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	link := code(t, a.Mails(t)[0])
	var read [2]struct {
		AnsweredAt time.Time `json:"answered_at"`
	}
	for i := range read {
		a.answer(t, link, "accepted").Decode(t, http.StatusOK, &map[string]any{})
		a.call(t, http.MethodGet, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID), nil).
			Decode(t, http.StatusOK, &read[i])
		a.Clock.Advance(time.Minute)
	}
	if read[0].AnsweredAt.IsZero() || !read[1].AnsweredAt.Equal(read[0].AnsweredAt) {
		t.Errorf("answered at %v, then at %v", read[0].AnsweredAt, read[1].AnsweredAt)
	}
}
