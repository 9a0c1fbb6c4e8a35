package invitedguest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
)

// TestMailsThatComeTooLate checks that some mails are not sent any more: an invitation after registration has closed,
// and the news of a withdrawal after the guest was invited again.
func TestMailsThatComeTooLate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	a.Mails(t)
	id := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest", id).Decode(t, http.StatusOK, &struct{}{})
	a.Clock.Advance(time.Second)
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "zoe@example.org",
		"role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	if sent := a.Mails(t); len(sent) != 1 || sent[0].Kind != "invitation" {
		t.Errorf("sent %+v, want one invitation", sent)
	}
	a.invite(t, "ann")
	if err := a.DB.Model(a.event).Update("registration_close", a.Clock.Now()).Error; err != nil {
		t.Fatal(err)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent %+v, want none", sent)
	}
}

// TestRemoveBeforeTheInvitation checks that nothing is mailed if a guest is removed before the invitation was sent.
func TestRemoveBeforeTheInvitation(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest",
		map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}).
		Decode(t, http.StatusOK, &struct{}{})
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent %+v, want none", sent)
	}
}

// TestCodeOfAnotherInvitation checks that an old code is not valid for another invitation with the same ID, which there
// may be after a backup is restored.
func TestCodeOfAnotherInvitation(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	old := code(t, a.Mails(t)[0])
	a.answer(t, old, "accepted").Decode(t, http.StatusOK, &map[string]any{})
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest",
		map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}).
		Decode(t, http.StatusOK, &struct{}{})
	a.storeGuest(t, invitedguest.InvitedGuest{ID: guest.GuestID, EventID: a.event.ID, UserID: guest.UserID, Role: "guest",
		Status: invitedguest.Invited})
	a.answer(t, old, "declined").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
}

// TestSameAnswerAgain checks that the same answer again does not change the time of the first.
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
		t.Errorf("answered at %v, then at %v, want the same time", read[0].AnsweredAt, read[1].AnsweredAt)
	}
}

// TestEveryCodeIsGood checks that the codes of an invitation, of an attempt that failed although the mail arrived, and
// of a reminder are all valid, as long as the invitation exists and no longer.
func TestEveryCodeIsGood(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	var codes []string
	arrives := true
	flaky := app.New(a.Config, a.DB, app.WithClock(a.Clock.Now), app.WithLogger(a.Logger),
		app.WithTransport(transport(func(_ context.Context, e mail.Envelope) error {
			codes = append(codes, code(t, e))
			if arrives = !arrives; !arrives {
				return errors.New("the server says nothing")
			}
			return nil
		})))
	remind := map[string]any{"event_id": a.event.ID, "reminder": "first"}
	for range 2 {
		for range 2 {
			if err := flaky.Mailer.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.Clock.Advance(time.Minute)
		}
		a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", remind).Decode(t, http.StatusOK, &struct{}{})
	}
	if stored := a.count(t, &invitedguest.Code{}); len(codes) != 4 || stored != 4 {
		t.Fatalf("%d codes were mailed, %d stored, want 4 and 4", len(codes), stored)
	}
	for i, c := range codes {
		answer := []string{"accepted", "declined"}[i%2]
		a.answer(t, c, answer).Decode(t, http.StatusOK, &map[string]any{})
		if got := a.status(t, guest); got != answer {
			t.Errorf("code %d: the status is %v, want %s", i, got, answer)
		}
		a.answer(t, strings.ToLower(c), "accepted").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
	}
	a.call(t, http.MethodDelete, "/api/v1/invitedGuest",
		map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}).
		Decode(t, http.StatusOK, &struct{}{})
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "zoe@example.org",
		"role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	for _, c := range codes {
		a.answer(t, c, "accepted").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
	}
	if rows := a.count(t, &invitedguest.Code{}); rows != 0 {
		t.Errorf("%d codes are left after the invitation was withdrawn, want none", rows)
	}
	a.answer(t, code(t, a.Mails(t)[0]), "accepted").Decode(t, http.StatusOK, &map[string]any{})
}

// transport is a function as a mail.Transport.
type transport func(ctx context.Context, e mail.Envelope) error

func (f transport) Send(ctx context.Context, e mail.Envelope) error { return f(ctx, e) }
