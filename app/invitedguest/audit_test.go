package invitedguest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/audit"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

// audited returns the user's audit events of the kind, each as the actor's ID, the address and the detail.
func (a testApp) audited(t *testing.T, userID int64, kind audit.Kind) (found []string) {
	t.Helper()
	events, err := audit.Find(t.Context(), a.DB, audit.Filter{UserID: userID, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		actor := "nobody"
		if e.ActorID != nil {
			actor = fmt.Sprint(*e.ActorID)
		}
		if e.UserID != nil && *e.UserID == userID {
			found = append(found, fmt.Sprintf("%s %s %s", actor, e.Address, e.Detail))
		}
	}
	return found
}

// expectAudited compares the audit events of the kind with those wanted, by the email addresses of the users.
func (a testApp) expectAudited(t *testing.T, kind audit.Kind, want map[string]string) {
	t.Helper()
	for email, events := range want {
		user, err := users.FindByEmail(t.Context(), a.DB, email)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(a.audited(t, user.ID, kind), "\n"); got != events {
			t.Errorf("%s of %s: recorded %q, want %q", kind, email, got, events)
		}
	}
}

// TestAuditNamesEachOfABulk checks that there is an audit event for each person whom a bulk invited, and for no one
// else.
func TestAuditNamesEachOfABulk(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "user@example.org")
	a.Register(t, "stranger@example.org")
	a.invite(t, "guest")
	const many = 1200
	guests := []any{map[string]any{"email": "guest@example.org"}, map[string]any{"email": "user@example.org"},
		map[string]any{"email": "invalid"}}
	for i := range many {
		guests = append(guests, map[string]any{"email": fmt.Sprintf("new%d@example.org", i)})
	}
	body := map[string]any{"event_id": a.event.ID, "role": "guest", "guests": guests}
	a.bulk(t, "", body, map[string]string{"X-Request-ID": "the-bulk"}).Decode(t, http.StatusOK, &bulkReport{})
	by := fmt.Sprintf("%d 192.0.2.1 ", a.admin.ID)
	created := by + `{"account":"created","event_id":1}`
	a.expectAudited(t, audit.GuestInvited, map[string]string{
		"user@example.org": by + `{"event_id":1}`, "new0@example.org": created, "new1199@example.org": created,
		"stranger@example.org": "",
	})
	var named, distinct int64
	query := a.DB.Model(&audit.Event{}).Where("kind = ? AND request_id = ?", audit.GuestInvited, "the-bulk")
	if err := query.Count(&named).Distinct("user_id").Count(&distinct).Error; err != nil || named != many+1 ||
		distinct != named {
		t.Errorf("%d audit events name %d people, %v; want %d", named, distinct, err, many+1)
	}
	a.expectAudited(t, audit.GuestsInvited, map[string]string{"admin@example.org": by + `{"event_id":1,"guests":1201}`})

	before := a.count(t, &audit.Event{})
	a.bulk(t, "", body, nil).Decode(t, http.StatusOK, &bulkReport{})
	a.bulk(t, "&dry_run=true", map[string]any{"event_id": a.event.ID, "role": "guest",
		"guests": []any{map[string]any{"email": "dry@example.org"}}}, nil)
	if after := a.count(t, &audit.Event{}); after != before {
		t.Errorf("%d audit events were added by requests that invite no one, want none", after-before)
	}
}

// TestAuditNamesEachOfAnImport checks the same for an import on the command line.
func TestAuditNamesEachOfAnImport(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "user@example.org")
	if _, _, err := a.run(t, false, "email\nuser@example.org\nnew@example.org\n", "import", "--event", "gala", "--role",
		"guest", "-"); err != nil {
		t.Fatal(err)
	}
	a.expectAudited(t, audit.GuestInvited, map[string]string{
		"user@example.org": `nobody cli {"event_id":1}`, "new@example.org": `nobody cli {"account":"created","event_id":1}`,
	})
}

// TestAuditNamesEachWhoIsReminded checks that there is one audit event for each reminder.
func TestAuditNamesEachWhoIsReminded(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "ann")
	a.invite(t, "bob")
	done := a.invite(t, "done")
	if err := a.DB.Model(&invitedguest.InvitedGuest{}).Where("id = ?", done.GuestID).
		Update("status", invitedguest.Accepted).Error; err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind",
			map[string]any{"event_id": a.event.ID, "reminder": "soon"}); got.Status != http.StatusOK {
			t.Fatalf("got %d %s, want 200", got.Status, got.Body)
		}
	}
	once := fmt.Sprintf(`%d 192.0.2.1 {"event_id":1}`, a.admin.ID)
	a.expectAudited(t, audit.GuestReminded, map[string]string{"ann@example.org": once, "bob@example.org": once,
		"done@example.org": ""})
}

// TestAuditOfTags checks that adding a tag is recorded only if the guest did not have it, and removing one only if they
// had it.
func TestAuditOfTags(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.invite(t, "ann")
	tag := a.storeTag(t, a.event.ID, "vip")
	body := map[string]any{"event_id": a.event.ID, "invited_guest_id": ann.GuestID, "tag_id": tag}
	for _, method := range []string{http.MethodPost, http.MethodPost, http.MethodDelete, http.MethodDelete} {
		if got := a.call(t, method, "/api/v1/invitedguesttag", body); got.Status >= http.StatusBadRequest {
			t.Fatalf("%s: got %d %s, want success", method, got.Status, got.Body)
		}
	}
	want := map[string]string{"ann@example.org": fmt.Sprintf(`%d 192.0.2.1 {"event_id":1,"tag_id":%d}`, a.admin.ID, tag)}
	a.expectAudited(t, audit.GuestTagged, want)
	a.expectAudited(t, audit.GuestUntagged, want)
}

// TestInviteTheBlocked checks that a blocked user can be invited and can answer with the link, and that the mail has no
// link to set a password.
func TestInviteTheBlocked(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "ann") // she has no password, so the mail has a link to set one
	const link = "/reset-password?"
	if sent := a.Mails(t); len(sent) != 1 || !strings.Contains(sent[0].Content.Text, link) {
		t.Fatalf("mailed %+v, want one mail with %s", sent, link)
	}
	if err := a.DB.Model(&users.User{}).Where("email = ?", "ann@example.org").Update("blocked_at", a.Clock.Now()).
		Error; err != nil {
		t.Fatal(err)
	}
	other := a.CreateEvent(t, "ball")
	a.Grant(t, other.ID, a.admin.ID, "admin")
	got := a.call(t, http.MethodPost, "/api/v1/invitedGuest",
		map[string]any{"event_id": other.ID, "email": "ann@example.org", "role": "guest"})
	if got.Status != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", got.Status, got.Body)
	}
	sent := a.Mails(t)
	if len(sent) != 1 || strings.Contains(sent[0].Content.Text, link) {
		t.Fatalf("mailed %+v, want one mail without %s", sent, link)
	}
	if got := a.answer(t, code(t, sent[0]), "accepted"); got.Status != http.StatusOK {
		t.Errorf("the answer: got %d %s, want 200", got.Status, got.Body)
	}
}
