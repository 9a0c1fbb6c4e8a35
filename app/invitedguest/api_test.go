package invitedguest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	a.Mails(t)
	vip := a.storeTag(t, a.event.ID, "vip")
	body := map[string]any{"event_id": a.event.ID, "email": " ANN@example.org", "role": "speaker",
		"tag_ids": []int64{vip, vip}}
	var got invitedAnswer
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", body).Decode(t, http.StatusCreated, &got)
	if want := (invitedAnswer{got.GuestID, a.event.ID, ann.ID, "speaker", ""}); got != want || got.GuestID == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", body).Error(t, http.StatusConflict, "INVITED_GUEST_EXISTS")
	sent := a.Mails(t)
	if len(sent) != 1 || sent[0].To.Address != "ann@example.org" || sent[0].Content.Subject != "Invitation: The gala" ||
		strings.Contains(sent[0].Content.Text, "resetToken") {
		t.Errorf("sent %+v, want one mail to ann, Invitation: The gala, without resetToken", sent)
	}

	var read map[string]any
	a.call(t, http.MethodGet, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", got.GuestID, "language",
		"fr"), nil).
		Decode(t, http.StatusOK, &read)
	if tags := read["tags"].([]any); len(tags) != 1 || tags[0].(map[string]any)["name"] != "le vip" {
		t.Errorf("read the tags %v, want le vip", tags)
	}
	if user := read["user"].(map[string]any); user["email"] != "ann@example.org" || read["status"] != "invited" ||
		read["role"] != "speaker" {
		t.Errorf("read %v, want ann@example.org, invited as a speaker", read)
	}
}

func TestInviteRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	other := a.CreateEvent(t, "other")
	foreign := a.storeTag(t, other.ID, "foreign")
	body := func(changes ...any) map[string]any {
		b := map[string]any{"event_id": a.event.ID, "email": "ann@example.org", "role": "guest"}
		for i := 0; i < len(changes); i += 2 {
			b[changes[i].(string)] = changes[i+1]
		}
		return b
	}
	for name, test := range map[string]struct {
		body   map[string]any
		status int
		kind   string
		field  string
	}{
		"unknown user":   {body("email", "nobody@example.org"), http.StatusNotFound, "USER_NOT_FOUND", ""},
		"unknown event":  {body("event_id", 99), http.StatusNotFound, "EVENT_NOT_FOUND", ""},
		"foreign event":  {body("event_id", other.ID), http.StatusForbidden, "FORBIDDEN", ""},
		"foreign tag":    {body("tag_ids", []int64{foreign}), http.StatusNotFound, "TAG_NOT_FOUND", ""},
		"no event":       {body("event_id", 0), http.StatusBadRequest, "VALIDATION_FAILED", "event_id"},
		"negative event": {body("event_id", -1), http.StatusBadRequest, "VALIDATION_FAILED", "event_id"},
		"no address":     {body("email", "ann"), http.StatusBadRequest, "VALIDATION_FAILED", "email"},
		"no role":        {body("role", " "), http.StatusBadRequest, "VALIDATION_FAILED", "role"},
		"long role":      {body("role", strings.Repeat("x", 51)), http.StatusBadRequest, "VALIDATION_FAILED", "role"},
		"role of lines":  {body("role", "a\nb"), http.StatusBadRequest, "VALIDATION_FAILED", "role"},
		"tag 0":          {body("tag_ids", []int64{0}), http.StatusBadRequest, "VALIDATION_FAILED", "tag_ids"},
		"bad language":   {body("language", "!"), http.StatusBadRequest, "VALIDATION_FAILED", "language"},
	} {
		for _, path := range []string{"/api/v1/invitedGuest", "/api/v1/invitedGuest/create"} {
			if name == "unknown user" && strings.HasSuffix(path, "create") {
				continue
			}
			if test.body["email"] == "ann@example.org" && strings.HasSuffix(path, "create") {
				test.body["email"] = "bob@example.org"
			}
			got := a.call(t, http.MethodPost, path, test.body).Error(t, test.status, test.kind)
			if test.field != "" && got.Errors[test.field] == "" {
				t.Errorf("%s: got the fields %v, want %s", name, got.Errors, test.field)
			}
		}
	}
	if guests, made := a.count(t, &invitedguest.InvitedGuest{}), a.count(t, &users.User{}); guests != 0 || made != 2 {
		t.Errorf("%d guests and %d users are left, want 0 and 2", guests, made)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	got := a.invite(t, "zoe")
	if got.Fullname != "Dr zoe Lee" || got.Role != "guest" {
		t.Errorf("got %+v, want Dr zoe Lee, a guest", got)
	}
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/authenticate",
		Body: map[string]any{"email": "zoe@example.org", "password": ""}}).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	sent := a.Mails(t)
	if len(sent) != 1 {
		t.Fatalf("sent %+v, want one mail", sent)
	}
	a.setPassword(t, sent[0])
	var user users.User
	if err := a.DB.Where("email = ?", "zoe@example.org").Take(&user).Error; err != nil || user.VerifiedAt == nil ||
		user.PrimaryLanguage != "en" {
		t.Errorf("got %+v, %v; want a verified user who reads en, no error", user, err)
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create",
		map[string]any{"event_id": a.event.ID, "email": "zoe@example.org", "role": "guest"}).Error(t, http.StatusConflict,
		"EMAIL_IN_USE")
}

func TestMailAnswersGoToTheEvent(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if err := a.DB.Model(a.event).Update("email_from", "gala@example.org").Error; err != nil {
		t.Fatal(err)
	}
	a.invite(t, "zoe")
	if sent := a.Mails(t); len(sent) != 1 || sent[0].Content.ReplyTo != "gala@example.org" {
		t.Errorf("sent %+v, want one mail with ReplyTo gala@example.org", sent)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	for name, inBody := range map[string]bool{"body": true, "query": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			guest := a.invite(t, "zoe")
			invitation := a.Mails(t)[0]
			path, body := pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID), any(nil)
			if inBody {
				path, body = "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}
			}
			want := fmt.Sprintf(`{"invited_guest_id":%d}`, guest.GuestID)
			if got := a.call(t, http.MethodDelete, path, body); got.Status != http.StatusOK || got.Body != want {
				t.Fatalf("got %d %s, want 200 %s", got.Status, got.Body, want)
			}
			if got, want := kindsOf(a.Mails(t)), "zoe@example.org invitation_withdrawn"; got != want {
				t.Errorf("sent %q, want %q", got, want)
			}
			a.call(t, http.MethodDelete, path, body).Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
			// The code of the removed invitation is not valid, even after the same user is invited again.
			a.answer(t, code(t, invitation), "accepted").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
			a.Clock.Advance(1000)
			a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "zoe@example.org",
				"role": "guest"})
			a.answer(t, code(t, invitation), "accepted").Error(t, http.StatusNotFound, "INVITATION_NOT_VALID")
			a.answer(t, code(t, a.Mails(t)[0]), "accepted").Decode(t, http.StatusOK, &struct{}{})
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.RegisterVerified(t, "ann@example.org")
	check := func(eventID int64) apptest.Response {
		return a.Send(t, apptest.Request{Method: http.MethodGet, Path: pathOf("checkIfInvitedGuest", "event_id", eventID),
			Token: ann.Token})
	}
	want := `"Not an invited guest"`
	if got := check(a.event.ID); got.Status != http.StatusNotFound || got.Body != want {
		t.Errorf("got %d %s, want 404 %s", got.Status, got.Body, want)
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "ann@example.org",
		"role": "guest"})
	want = `"Invited Guest"`
	if got := check(a.event.ID); got.Status != http.StatusOK || got.Body != want {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, want)
	}
	check(0).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
}

func TestTags(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	vip, foreign := a.storeTag(t, a.event.ID, "vip"), a.storeTag(t, a.CreateEvent(t, "other").ID, "foreign")
	body := map[string]any{"event_id": a.event.ID, "tag_id": vip, "invited_guest_id": guest.GuestID, "language": "fr"}
	for range 2 {
		var tag map[string]any
		a.call(t, http.MethodPost, "/api/v1/invitedguesttag", body).Decode(t, http.StatusCreated, &tag)
		if tag["name"] != "le vip" || tag["id"] != float64(vip) {
			t.Errorf("got %v, want le vip with the id %d", tag, vip)
		}
	}
	if got := a.count(t, &invitedguest.GuestTag{}); got != 1 {
		t.Errorf("got %d tags, want 1", got)
	}
	for range 2 {
		if got := a.call(t, http.MethodDelete, "/api/v1/invitedguesttag", body); got.Status != http.StatusOK ||
			got.Body != "{}" {
			t.Errorf("got %d %s, want 200 {}", got.Status, got.Body)
		}
	}
	if got := a.count(t, &invitedguest.GuestTag{}); got != 0 {
		t.Errorf("got %d tags, want none", got)
	}
	body["tag_id"] = foreign
	a.call(t, http.MethodPost, "/api/v1/invitedguesttag", body).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	body["tag_id"], body["invited_guest_id"] = vip, 99
	a.call(t, http.MethodPost, "/api/v1/invitedguesttag", body).Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
}

// TestTagTakenAway checks what becomes of the tag of a guest when the tag is deactivated and activated again.
func TestTagTakenAway(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	vip, host := a.storeTag(t, a.event.ID, "vip"), a.storeTag(t, a.event.ID, "host")
	for _, id := range []int64{vip, host} {
		a.call(t, http.MethodPost, "/api/v1/invitedguesttag", map[string]any{"event_id": a.event.ID, "tag_id": id,
			"invited_guest_id": guest.GuestID}).
			Decode(t, http.StatusCreated, &struct{}{})
	}
	set := func(active bool) {
		t.Helper()
		tag := map[string]any{"id": vip, "name": map[string]any{"en": "vip"}, "active": active}
		a.call(t, http.MethodPut, pathOf("tag", "event_id", a.event.ID), tag).Decode(t, http.StatusOK, &struct{}{})
	}
	const ofVIP = `"tag_type":"REGISTRATION","active":true,"name":"vip"`
	places := []string{
		pathOf("invitedGuestList", "event_id", a.event.ID), pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id",
			guest.GuestID),
		pathOf("invitedGuest/counts", "event_id", a.event.ID), pathOf("invitedGuestList", "event_id", a.event.ID,
			"format", "csv"),
	}
	for _, active := range []bool{false, true} {
		set(active)
		for _, place := range places {
			got := a.call(t, http.MethodGet, place, nil).Body
			if shown := strings.Contains(got, "vip"); shown != active {
				t.Errorf("%s shows vip: %v, want %v:\n%s", place, shown, active, got)
			}
			if !strings.Contains(got, "host") {
				t.Errorf("active %v: %s lacks host:\n%s", active, place, got)
			}
			if active && strings.Contains(got, `"tags"`) && !strings.Contains(got, ofVIP) {
				t.Errorf("%s lacks %s:\n%s", place, ofVIP, got)
			}
		}
	}
	set(false)
	one := map[string]any{"event_id": a.event.ID, "tag_id": vip, "invited_guest_id": guest.GuestID}
	for _, method := range []string{http.MethodPost, http.MethodDelete} {
		a.call(t, method, "/api/v1/invitedguesttag", one).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	}
	a.call(t, http.MethodGet, places[0]+fmt.Sprint("&tag_id=", vip), nil).Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create",
		map[string]any{"event_id": a.event.ID, "email": "ann@example.org", "role": "guest", "tag_ids": []int64{vip}}).
		Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
	var report bulkReport
	a.bulk(t, "", map[string]any{"event_id": a.event.ID, "role": "guest",
		"guests": []any{map[string]any{"email": "ann@example.org", "tag_ids": []int64{vip}}}}, nil).
		Decode(t, http.StatusOK, &report)
	if report.Created != 0 || report.Results[0].Errors["tag_ids"] == "" {
		t.Errorf("got %+v, want no guest and an error of tag_ids", report)
	}
}

// TestPermissions checks that only administrators of the event and of the system may manage its guests.
func TestPermissions(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	vip := a.storeTag(t, a.event.ID, "vip")
	other := a.CreateEvent(t, "other")
	callers := map[string]struct {
		token  string
		status int // 0: not refused
	}{
		"no user":    {"", http.StatusUnauthorized},
		"a stranger": {a.Register(t, "eve@example.org").Token, http.StatusForbidden},
		"another's admin": {a.RegisterWithRole(t, "bob@example.org", other.ID, events.Administrator).Token,
			http.StatusForbidden},
		"a volunteer": {a.RegisterWithRole(t, "vol@example.org", a.event.ID, events.RegistrationVolunteer).Token,
			http.StatusForbidden},
		"the event's admin":  {a.admin.Token, 0},
		"the system's admin": {a.RegisterAdmin(t, "root@example.org").Token, 0},
	}
	id := map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID, "tag_id": vip}
	for _, call := range []apptest.Request{
		{Method: http.MethodPost, Path: "/api/v1/invitedGuest",
			Body: map[string]any{"event_id": a.event.ID, "email": "zoe@example.org", "role": "guest"}},
		{Method: http.MethodPost, Path: "/api/v1/invitedGuest/create",
			Body: map[string]any{"event_id": a.event.ID, "email": "zoe@example.org", "role": "guest"}},
		{Method: http.MethodGet, Path: pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID)},
		{Method: http.MethodGet, Path: pathOf("invitedGuestList", "event_id", a.event.ID)},
		{Method: http.MethodGet, Path: pathOf("invitedGuest/counts", "event_id", a.event.ID)},
		{Method: http.MethodPut, Path: "/api/v1/invitedGuest",
			Body: map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}},
		{Method: http.MethodGet, Path: pathOf("event-notification", "event_id", a.event.ID)},
		{Method: http.MethodPut, Path: "/api/v1/event-notification",
			Body: map[string]any{"event_id": a.event.ID, "answers": "daily"}},
		{Method: http.MethodGet, Path: pathOf("event-wording", "event_id", a.event.ID)},
		{Method: http.MethodPut, Path: wordingPath, Body: wording{a.event.ID, "change", "en", "x", "y"}},
		{Method: http.MethodPost, Path: wordingPath + "/preview",
			Body: map[string]any{"event_id": a.event.ID, "kind": "change", "language": "en", "send": true}},
		{Method: http.MethodDelete, Path: wordingPath, Body: map[string]any{"event_id": a.event.ID, "kind": "change",
			"language": "en"}},
		{Method: http.MethodPost, Path: "/api/v1/invitedGuest/resend",
			Body: map[string]any{"event_id": a.event.ID, "invited_guest_id": guest.GuestID}},
		{Method: http.MethodPost, Path: "/api/v1/invitedGuest/remind",
			Body: map[string]any{"event_id": a.event.ID, "reminder": "x"}},
		{Method: http.MethodPost, Path: "/api/v1/invitedGuest/bulk",
			Body: map[string]any{"event_id": a.event.ID, "guests": []any{map[string]any{}}}},
		{Method: http.MethodPost, Path: "/api/v1/invitedguesttag", Body: id},
		{Method: http.MethodDelete, Path: "/api/v1/invitedguesttag", Body: id},
		{Method: http.MethodDelete, Path: "/api/v1/invitedGuest",
			Body: map[string]any{"event_id": a.event.ID, "invited_guest_id": 99}},
	} {
		for name, caller := range callers {
			call.Token = caller.token
			got := a.Send(t, call)
			refused := got.Status == http.StatusUnauthorized || got.Status == http.StatusForbidden ||
				got.Status >= http.StatusInternalServerError
			if caller.status != 0 && got.Status != caller.status || caller.status == 0 && refused {
				t.Errorf("%s %s by %s: got %d %s, want %d (0: not refused)", call.Method, call.Path, name, got.Status, got.Body,
					caller.status)
			}
		}
	}
	// A right for one event says nothing about the guests of another.
	path := pathOf("invitedGuest", "event_id", other.ID, "invited_guest_id", guest.GuestID)
	for _, caller := range []string{"another's admin", "the system's admin"} {
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: callers[caller].token}).
			Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
	}
}

func TestDeletedUserIsNoGuest(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.RegisterVerified(t, "ann@example.org")
	var guest invitedAnswer
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "ann@example.org",
		"role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	a.Send(t, apptest.Request{Method: http.MethodDelete, Path: "/api/v1/user", Token: ann.Token})
	a.call(t, http.MethodGet, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id", guest.GuestID), nil).
		Error(t, http.StatusNotFound, "INVITED_GUEST_NOT_FOUND")
	for _, m := range a.Mails(t) {
		if m.Kind == "invitation" {
			t.Errorf("sent %+v, want no invitation", m)
		}
	}
}
