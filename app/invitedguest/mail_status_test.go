package invitedguest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// server is a mail server that takes each mail, or refuses it with the error of its address.
type server struct {
	errors map[string]error

	mutex sync.Mutex
	sent  []string // kind and address of each mail
}

// Send implements mail.Transport.
func (s *server) Send(_ context.Context, e mail.Envelope) error {
	if err := s.errors[e.To.Address]; err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sent = append(s.sent, e.Kind+" "+e.To.Address)
	return nil
}

// mailServer returns a mail server and an application that sends its mails there, one after another.
func mailServer(t testing.TB, changes ...func(*app.Config)) (testApp, *server) {
	t.Helper()
	a := prepare(t, apptest.New(t, changes...))
	s := &server{errors: map[string]error{}}
	a.Mailer = mail.NewWorker(a.DB, a.Outbox, mail.WorkerOptions{Transport: s, From: a.Config.MailFrom,
		Log: slog.New(slog.DiscardHandler)})
	return a, s
}

var errRefused = fmt.Errorf("%w: the server answers 550", mail.ErrRefused)

// mailed returns the guests' mail statuses, in the order of their IDs.
func (a testApp) mailed(t testing.TB) string {
	t.Helper()
	var guests []invitedguest.Guest
	a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "sort", "id"), nil).
		Decode(t, http.StatusOK, &guests)
	statuses := make([]string, len(guests))
	for i, g := range guests {
		statuses[i] = string(g.MailStatus)
	}
	return strings.Join(statuses, " ")
}

// TestMailStatus checks the mail status of invitations that are delivered, refused and given up, and after each problem
// is solved.
func TestMailStatus(t *testing.T) {
	t.Parallel()
	a, s := mailServer(t)
	ann, bob, eve := a.invite(t, "ann"), a.invite(t, "bob"), a.invite(t, "eve")
	expect := func(step, want string) {
		t.Helper()
		if got := a.mailed(t); got != want {
			t.Errorf("%s: got the mail statuses %s, want %s", step, got, want)
		}
	}
	expect("invited", "queued queued queued")
	s.errors["bob@example.org"], s.errors["eve@example.org"] = errRefused, errors.New("away")
	a.Mails(t)
	expect("mailed", "sent refused queued")

	for query, want := range map[string]string{
		"mail_status=refused": "bob@example.org", "mail_status=queued": "eve@example.org", "mail_status=failed": "",
		"mail_status=sent&status=invited": "ann@example.org",
	} {
		var found []string
		for _, g := range a.list(t, "&"+query) {
			found = append(found, g.User.Email)
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "mail_status", "lost"), nil).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	var counts invitedguest.Counts
	a.call(t, http.MethodGet, pathOf("invitedGuest/counts", "event_id", a.event.ID), nil).Decode(t, http.StatusOK, &counts)
	const counted = "map[failed:0 none:0 queued:1 refused:1 sent:1]"
	if got := fmt.Sprint(counts.ByMailStatus); got != counted || counts.Total != 3 {
		t.Errorf("counted %s of %d, want %s of 3", got, counts.Total, counted)
	}
	table := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "format", "csv"), nil).Body
	for _, want := range []string{",mail_status\n", ",refused\n"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}

	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "soon"})
	delete(s.errors, "eve@example.org")
	a.Clock.Advance(time.Minute)
	s.sent = nil
	a.Mails(t)
	if got := fmt.Sprint(s.sent); strings.Contains(got, "bob") || !strings.Contains(got, "invitation_reminder ann") ||
		!strings.Contains(got, "invitation eve") {
		t.Errorf("sent %s, want a reminder to ann, an invitation to eve and nothing to bob", got)
	}
	expect("reminded", "sent refused sent")

	a.update(t, bob.GuestID, map[string]any{"email": "bobby@example.org"}).Decode(t, http.StatusOK, &struct{}{})
	expect("corrected", "sent queued sent")
	a.Mails(t)
	expect("mailed again", "sent sent sent")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "soon"}).
		Decode(t, http.StatusOK, &counts)
	s.sent = nil
	a.Mails(t)
	if got, want := fmt.Sprint(s.sent), "[invitation_reminder bobby@example.org]"; got != want {
		t.Errorf("after the address is corrected: sent %s, want %s", got, want)
	}

	s.errors["ann@example.org"] = errRefused
	a.resend(t, ann.GuestID)
	expect("sent again", "queued sent sent")
	a.Mails(t)
	expect("and refused", "refused sent sent")
	delete(s.errors, "ann@example.org")
	a.resend(t, ann.GuestID)
	a.Mails(t)
	expect("and taken", "sent sent sent")
	a.resend(t, eve.GuestID)
	a.Clock.Advance(25 * time.Hour)
	if err := a.Mailer.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("given up", "sent sent failed")
}

// TestMailStatusOfADroppedMail checks that the status is none if the only invitation was dropped because it was no
// longer needed, and that the status stays if one that is sent again is dropped.
func TestMailStatusOfADroppedMail(t *testing.T) {
	t.Parallel()
	a, _ := mailServer(t)
	ann := a.invite(t, "ann")
	a.update(t, ann.GuestID, map[string]any{"status": "accepted"}).Decode(t, http.StatusOK, &struct{}{})
	a.Mails(t)
	if got := a.mailed(t); got != "none" {
		t.Errorf("answered before it was mailed: got %q, want none", got)
	}
	bob := a.invite(t, "bob")
	a.Mails(t)
	a.resend(t, bob.GuestID)
	a.close(t)
	a.Mails(t)
	if got := a.mailed(t); got != "none sent" {
		t.Errorf("closed before it was mailed again: got %q, want none sent", got)
	}
}

// TestRefusalIsOfAnAddress checks that a refused mail says nothing about the address that the guest has by then.
func TestRefusalIsOfAnAddress(t *testing.T) {
	t.Parallel()
	a, s := mailServer(t)
	ann := a.invite(t, "ann")
	s.errors["ann@example.org"] = errRefused
	a.Mails(t)
	// As if a user who has proved the address had changed it: see users.Service.Update.
	user, err := users.Find(t.Context(), a.DB, ann.UserID)
	if err != nil {
		t.Fatal(err)
	}
	user.Email = "moved@example.org"
	if err := a.DB.Save(user).Error; err != nil {
		t.Fatal(err)
	}
	if got := a.mailed(t); got != "none" {
		t.Errorf("at another address: got %q, want none", got)
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "soon"})
	a.Mails(t)
	if got, want := fmt.Sprint(s.sent), "[invitation_reminder moved@example.org]"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}

	// A correction while the mail to the old address is on its way.
	bob := a.invite(t, "bob")
	late := &late{server: s, correct: func() { a.update(t, bob.GuestID, map[string]any{"email": "bobby@example.org"}) }}
	a.Mailer = mail.NewWorker(a.DB, a.Outbox, mail.WorkerOptions{Transport: late, From: a.Config.MailFrom,
		Log: slog.New(slog.DiscardHandler)})
	s.errors["bob@example.org"], s.errors["bobby@example.org"] = errRefused, errors.New("away")
	a.Mails(t)
	if got := a.mailed(t); got != "sent queued" {
		t.Errorf("the old address was refused after the correction: got %q, want sent queued", got)
	}
}

// late is a mail server that corrects an address during the first Send.
type late struct {
	*server

	correct func()
	done    bool
}

// Send implements mail.Transport.
func (l *late) Send(ctx context.Context, e mail.Envelope) error {
	if !l.done {
		l.done = true
		l.correct()
	}
	return l.server.Send(ctx, e)
}
