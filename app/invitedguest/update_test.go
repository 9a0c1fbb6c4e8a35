package invitedguest_test

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// update changes a guest of the event.
func (a testApp) update(t testing.TB, guestID int64, changes map[string]any) apptest.Response {
	t.Helper()
	body := map[string]any{"event_id": a.event.ID, "invited_guest_id": guestID}
	maps.Copy(body, changes)
	return a.call(t, http.MethodPut, "/api/v1/invitedGuest", body)
}

// TestUpdate changes members of a guest one by one and together, and checks that all other members stay.
func TestUpdate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes map[string]any
		want    string // the guest afterwards: names, address, role, status, tags
		audited string
	}{
		"nothing": {nil, "Dr ann Lee <ann@example.org> guest invited [1]", ""},
		"the same": {map[string]any{"role": "guest", "status": "invited", "tag_ids": []int{1}, "firstname": "ann",
			"email": "Ann@example.org"}, "Dr ann Lee <ann@example.org> guest invited [1]", ""},
		"empty": {map[string]any{"role": "", "status": "", "language": "", "email": nil, "tag_ids": nil},
			"Dr ann Lee <ann@example.org> guest invited [1]", ""},
		"the role": {map[string]any{"role": "speaker"}, "Dr ann Lee <ann@example.org> speaker invited [1]",
			`guest_corrected {"changed":["role"],"event_id":1}`},
		"the names": {map[string]any{"firstname": "Anne", "user_title": ""}, "Anne Lee <ann@example.org> guest invited [1]",
			`guest_corrected {"changed":["firstname","user_title"],"event_id":1}`},
		"the answer": {map[string]any{"status": "declined"}, "Dr ann Lee <ann@example.org> guest declined [1]",
			`guest_answered {"event_id":1,"on_behalf":true,"status":"declined"}`},
		"the tags": {map[string]any{"tag_ids": []int{2, 2, 3}}, "Dr ann Lee <ann@example.org> guest invited [2 3]",
			`guest_untagged {"event_id":1,"tag_id":1} guest_tagged {"event_id":1,"tag_id":2} ` +
				`guest_tagged {"event_id":1,"tag_id":3}`},
		"no tags": {map[string]any{"tag_ids": []int{}}, "Dr ann Lee <ann@example.org> guest invited []",
			`guest_untagged {"event_id":1,"tag_id":1}`},
		"the address and all": {
			map[string]any{"email": "Anne@example.org", "lastname": "Ray", "role": "x", "status": "accepted"},
			"Dr ann Ray <anne@example.org> x accepted [1]",
			`guest_corrected {"changed":["email","lastname","role"],"event_id":1} ` +
				`guest_answered {"event_id":1,"on_behalf":true,"status":"accepted"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			for _, tag := range []string{"one", "two", "three"} {
				a.storeTag(t, a.event.ID, tag)
			}
			guest := a.invite(t, "ann")
			a.call(t, http.MethodPost, "/api/v1/invitedguesttag",
				map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID, "tag_id": 1})
			before := a.count(t, &audit.Event{})
			var got invitedguest.Guest
			a.update(t, guest.GuestID, test.changes).Decode(t, http.StatusOK, &got)
			tags := []int64{}
			for _, tag := range got.Tags {
				tags = append(tags, tag.ID)
			}
			names := strings.Join(strings.Fields(got.User.UserTitle+" "+got.User.Firstname+" "+got.User.Lastname), " ")
			is := fmt.Sprintf("%s <%s> %s %s %v", names, got.User.Email, got.Role, got.Status, tags)
			if is != test.want || (got.AnsweredAt != nil) != (got.Status != invitedguest.Invited) {
				t.Errorf("got %s, answered at %v; want %s", is, got.AnsweredAt, test.want)
			}
			var recorded []string
			var found []audit.Event
			if err := a.DB.Order("id").Offset(int(before)).Limit(100).Find(&found).Error; err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				if recorded = append(recorded, string(e.Kind)+" "+e.Detail); *e.UserID != guest.UserID || *e.ActorID != a.admin.ID {
					t.Errorf("recorded %s of the user %d by %d, want of %d by %d", e.Kind, *e.UserID, *e.ActorID, guest.UserID,
						a.admin.ID)
				}
			}
			if got := strings.Join(recorded, " "); got != test.audited {
				t.Errorf("recorded %s, want %s", got, test.audited)
			}
		})
	}
}

// TestUpdateRefuses sends changes that are not allowed and checks that nothing changes.
func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "taken@example.org")
	guest, own, shared := a.invite(t, "ann"), a.invite(t, "own"), a.invite(t, "shared")
	officer := a.invite(t, "officer")
	other := a.CreateEvent(t, "other")
	a.Grant(t, other.ID, a.admin.ID, events.Administrator)
	a.Grant(t, other.ID, officer.UserID, "reviewer")
	a.storeGuest(t, invitedguest.InvitedGuest{EventID: other.ID, UserID: shared.UserID, Role: "guest",
		Status: invitedguest.Invited})
	foreign := a.storeTag(t, other.ID, "foreign")
	for _, m := range a.Mails(t) {
		if m.To.Address == "own@example.org" {
			a.setPassword(t, m)
		}
	}
	for name, test := range map[string]struct {
		guestID int64
		changes map[string]any
		status  int
		kind    string
	}{
		"no such guest": {99, map[string]any{"role": "x"}, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND"},
		"a foreign tag": {guest.GuestID, map[string]any{"role": "x", "tag_ids": []int64{foreign}}, http.StatusNotFound,
			"TAG_NOT_FOUND"},
		"a taken address": {guest.GuestID, map[string]any{"role": "x", "email": "taken@example.org"},
			http.StatusConflict, "EMAIL_IN_USE"},
		"no status": {guest.GuestID, map[string]any{"status": "maybe"}, http.StatusBadRequest,
			"VALIDATION_FAILED"},
		"no address": {guest.GuestID, map[string]any{"email": "ann"}, http.StatusBadRequest, "VALIDATION_FAILED"},
		"a line break": {guest.GuestID, map[string]any{"lastname": "a\nb"}, http.StatusBadRequest,
			"VALIDATION_FAILED"},
		"a user's own name": {own.GuestID, map[string]any{"role": "x", "firstname": "Eve"}, http.StatusConflict,
			"ACCOUNT_IN_USE"},
		"a user's own address": {own.GuestID, map[string]any{"email": "eve@example.org"}, http.StatusConflict,
			"ACCOUNT_IN_USE"},
		"another's guest": {shared.GuestID, map[string]any{"email": "eve@example.org"}, http.StatusConflict,
			"ACCOUNT_IN_USE"},
		"another's officer": {officer.GuestID, map[string]any{"email": "eve@example.org"}, http.StatusConflict,
			"ACCOUNT_IN_USE"},
	} {
		a.update(t, test.guestID, test.changes).Error(t, test.status, test.kind)
		var guests, accounts int64
		err := errors.Join(
			a.DB.Model(&invitedguest.InvitedGuest{}).Where("role <> 'guest'").Count(&guests).Error,
			a.DB.Model(&users.User{}).Where("firstname = 'Eve' OR email = 'eve@example.org'").Count(&accounts).Error,
		)
		if err != nil || guests > 0 || accounts > 0 {
			t.Errorf("%s: got %d changed guests and %d changed accounts, %v; want none", name, guests, accounts, err)
		}
	}
	a.update(t, own.GuestID, map[string]any{"role": "x", "status": "accepted", "firstname": "own",
		"email":                              "own@example.org"}).
		Decode(t, http.StatusOK, &struct{}{}) // names and address are sent unchanged
}

// TestCorrectedAddress corrects the address of a guest before and after the mail, the answer and the end of
// registration, and checks that the invitation goes to the new address, once, unless registration has closed, and that
// the link in a mail to the old address no longer works.
func TestCorrectedAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent, answered, closed bool // before
		mails                  int
	}{
		"before the mail":      {mails: 1},
		"after the mail":       {sent: true, mails: 1},
		"after an answer":      {sent: true, answered: true, mails: 1},
		"answered, not mailed": {answered: true, mails: 1},
		"after the end":        {sent: true, closed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			guest := a.invite(t, "ann")
			var old []string // links
			if test.sent {
				text := a.Mails(t)[0].Content.Text
				old = []string{"/invitation/" + answerLink.FindStringSubmatch(text)[2]}
			}
			if test.answered {
				a.update(t, guest.GuestID, map[string]any{"status": "accepted"}).Decode(t, http.StatusOK, &struct{}{})
			}
			if test.closed {
				a.Clock.Advance(365 * 24 * time.Hour)
			}
			a.admin.Token = a.signIn(t, a.admin.Email)
			if got := a.update(t, guest.GuestID, map[string]any{"email": "anne@example.org"}); got.Status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", got.Status, got.Body)
			}
			sent := a.Mails(t)
			if len(sent) != test.mails {
				t.Fatalf("mailed %+v, want %d mails", sent, test.mails)
			}
			for _, m := range sent {
				page := a.Send(t, apptest.Request{Method: http.MethodGet, Path: answerLink.FindStringSubmatch(m.Content.Text)[1]})
				if m.To.Address != "anne@example.org" || m.Kind != "invitation" {
					t.Errorf("mailed %+v, want an invitation to anne@example.org", m)
				}
				if want := "ann Lee"; page.Status != http.StatusOK || !strings.Contains(page.Body, want) {
					t.Errorf("the page is %d %s, want 200 with %q", page.Status, page.Body, want)
				}
			}
			for _, path := range old {
				if got := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path}); got.Status == http.StatusOK {
					t.Errorf("an old link, %s: got %d, want an error", path, got.Status)
				}
			}
		})
	}
}

// TestUpdateIfMatch checks that of two editors who have read the same guest, the second is refused, and that sending a
// mail does not count as a change.
func TestUpdateIfMatch(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "ann")
	path := pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID)
	read := a.call(t, http.MethodGet, path, nil).Header.Get("ETag")
	a.Mails(t)
	send := func(tag string, changes map[string]any) apptest.Response {
		return a.Send(t, apptest.Request{
			Method: http.MethodPut, Path: path, Token: a.admin.Token, Body: changes, Header: map[string]string{"If-Match": tag},
		})
	}
	first := send(read, map[string]any{"firstname": "Anne", "role": "speaker"})
	if first.Status != http.StatusOK || first.Header.Get("ETag") == read {
		t.Errorf("the first editor: got %d %s with %s, want 200 with another ETag than %s", first.Status, first.Body,
			first.Header.Get("ETag"), read)
	}
	for _, changes := range []map[string]any{{"firstname": "Eve"}, {"status": "declined"}, {"tag_ids": []int{}}, {}} {
		send(read, changes).Error(t, http.StatusPreconditionFailed, "CHANGED_MEANWHILE")
	}
	if got := send(first.Header.Get("ETag"), map[string]any{"status": "accepted"}); got.Status != http.StatusOK {
		t.Errorf("with the new ETag: got %d %s, want 200", got.Status, got.Body)
	}
}

// TestAnswerOnBehalf records answers when the guest can no longer answer, and takes one back.
func TestAnswerOnBehalf(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "ann")
	link := code(t, a.Mails(t)[0])
	if err := a.DB.Model(a.event).Update("registration_close", a.Clock.Now().Add(-time.Hour)).Error; err != nil {
		t.Fatal(err)
	}
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitation",
		Body: map[string]any{"code": link, "status": "accepted"}}).
		Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
	for _, status := range []invitedguest.Status{invitedguest.Accepted, invitedguest.Declined, invitedguest.Invited} {
		var got invitedguest.Guest
		a.update(t, guest.GuestID, map[string]any{"status": status}).Decode(t, http.StatusOK, &got)
		if got.Status != status {
			t.Errorf("got %s, want %s", got.Status, status)
		}
		if answered, want := got.AnsweredAt != nil, status != invitedguest.Invited; answered != want {
			t.Errorf("%s: answered at %v, want an answer: %v", status, got.AnsweredAt, want)
		}
	}
}

// TestCorrectionsAtOnce corrects addresses while other requests invite the same addresses and mails are composed, and
// checks that no invitation to another event moves to a new address.
func TestCorrectionsAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var group sync.WaitGroup
	for i := range 8 {
		guest := a.invite(t, fmt.Sprint("guest", i))
		other := a.CreateEvent(t, fmt.Sprint("other", i))
		a.Grant(t, other.ID, a.admin.ID, events.Administrator)
		group.Go(func() { // before or after the invitation
			got := a.update(t, guest.GuestID, map[string]any{"email": fmt.Sprintf("new%d@example.org", i)})
			if got.Status != http.StatusOK && got.Status != http.StatusConflict {
				t.Errorf("a correction: got %d %s, want 200 or 409", got.Status, got.Body)
			}
		})
		group.Go(func() {
			body := map[string]any{"event_id": other.ID, "email": fmt.Sprintf("guest%d@example.org", i), "role": "guest"}
			got := a.call(t, http.MethodPost, "/api/v1/invitedGuest", body)
			if got.Status != http.StatusCreated && got.Status != http.StatusNotFound {
				t.Errorf("an invitation: got %d %s, want 201 or 404", got.Status, got.Body)
			}
		})
		group.Go(func() {
			got := a.update(t, guest.GuestID, map[string]any{"status": "accepted", "firstname": "A"})
			if got.Status != http.StatusOK && got.Status != http.StatusConflict {
				t.Errorf("an answer: got %d %s, want 200 or 409", got.Status, got.Body)
			}
		})
	}
	group.Go(func() { a.Mails(t) })
	group.Wait()
	var moved int64 // invitations to another event, sent to an address that this event's administrators chose
	err := a.DB.Model(&invitedguest.InvitedGuest{}).Where("event_id <> ?", a.event.ID).
		Where("user_id IN (?)", a.DB.Model(&users.User{}).Select("id").Where("email LIKE 'new%'")).Count(&moved).Error
	if err != nil || moved > 0 {
		t.Errorf("%d invitations to other events went to another address, %v", moved, err)
	}
}

// prober tries to lock the user, as a correction does, when a mail asks it for a link.
type prober struct {
	db  *gorm.DB
	err error
}

// PasswordLink implements invitedguest.PasswordLinks.
func (p *prober) PasswordLink(email string) string {
	p.err = p.db.Exec("SELECT 1 FROM users WHERE email = ? FOR UPDATE NOWAIT", email).Error
	return ""
}

// TestCorrectionWaitsForTheComposer checks that no request can correct an address while a mail to it is composed: the
// code in the mail would go to the old address and still be valid afterwards.
func TestCorrectionWaitsForTheComposer(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if a.DB.Name() != "postgres" {
		t.Skip("SQLite's transactions lock the whole database")
	}
	a.invite(t, "ann")
	outbox, probe := mail.NewOutbox(), &prober{db: a.DB.WithContext(t.Context())}
	invitedguest.NewService(a.DB, invitedguest.Options{Outbox: outbox, Passwords: probe})
	worker := mail.NewWorker(a.DB, outbox,
		mail.WorkerOptions{Transport: mail.NewFiles(t.TempDir(), slog.New(slog.DiscardHandler)),
			Log: slog.New(slog.DiscardHandler)})
	if err := worker.Deliver(t.Context()); err != nil || probe.err == nil {
		t.Errorf("the user was not locked: %v, %v", probe.err, err)
	}
}
