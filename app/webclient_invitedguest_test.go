package app_test

import (
	"net/http"
	"testing"

	"guestlist/app/apptest"
)

// guestCalls returns the calls of invitedGuests.service.js.
func guestCalls() []webCall {
	ofTag := map[string]any{"tag_id": "{tag}", "event_id": "{event}", "invited_guest_id": "{guest}"}
	return []webCall{
		{name: "determineIfInvitedGuest", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}",
			status: http.StatusNotFound},
		{name: "addInvitedGuest", token: "root", call: "POST invitedGuest", body: map[string]any{
			"event_id": "{event}", "email": "ann@example.org", "role": "Speaker", "tag_ids": []any{"{tag}"},
		}, status: http.StatusCreated, want: map[string]any{"fullname": "Ms Anne Lee"},
			save: map[string]string{"guest": "invitedGuest_id"}},
		{name: "addInvitedGuest again", token: "root", call: "POST invitedGuest",
			body:   map[string]any{"event_id": "{event}", "email": "ann@example.org", "role": "Speaker"},
			status: http.StatusConflict},
		{name: "addInvitedGuest of nobody", token: "root", call: "POST invitedGuest",
			body:   map[string]any{"event_id": "{event}", "email": "bob@example.org", "role": "Speaker"},
			status: http.StatusNotFound},
		{name: "createInvitedGuest", token: "root", call: "POST invitedGuest/create", body: map[string]any{
			"event_id": "{event}", "email": "bob@example.org", "firstname": "Bob", "lastname": "Roy", "user_title": "Mr",
			"role": "Guest", "policy_agreed": true, "tag_ids": []any{},
		}, status: http.StatusCreated, save: map[string]string{"bob": "invitedGuest_id", "bob id": "user_id"}},
		{name: "getInvitedGuestList", token: "root", call: "GET invitedGuestList?event_id={event}", status: http.StatusOK,
			want: map[string]any{
				"length": 2, "0.invited_guest_id": "{guest}", "0.role": "Speaker", "0.user.email": "ann@example.org",
				"0.user.firstname": "Anne", "0.tags.0.name": "{tag name}",
				"0.tags.0.id": "{tag}",
			}},
		{name: "removeTag", token: "root", call: "DELETE invitedguesttag", body: ofTag, status: http.StatusOK},
		{name: "addTag", token: "root", call: "POST invitedguesttag", body: ofTag, status: http.StatusCreated,
			want: map[string]any{"id": "{tag}", "name": "{tag name}"}},
		{name: "determineIfInvitedGuest", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}",
			status: http.StatusOK},
		{name: "getEvents of a guest", token: "ann", call: "GET events?cache_bust=1", status: http.StatusOK,
			want: map[string]any{
				"0.status.invited_guest": "Speaker", "0.status.is_event_attendee": true, "0.status.registration_status": nil,
			}},
		{name: "deleteGuest", token: "root", call: "DELETE invitedGuest", body: map[string]any{"invited_guest_id": "{bob}",
			"event_id": "{event}"},
			status: http.StatusOK, want: map[string]any{"invited_guest_id": "{bob}"}},
	}
}

// profileCalls returns the calls for the profiles of an event's guests.
func profileCalls() []webCall {
	profile := map[string]any{
		"user_id": "{ann id}", "email": "ann@example.org", "firstname": "Anne", "lastname": "Lee", "user_title": "Ms",
		"type": "Invited Guest",
	}
	inList := map[string]any{"length": 1}
	for name, value := range profile {
		inList["0."+name] = value
	}
	return []webCall{
		{name: "getUserProfileList", token: "root", call: "GET userprofilelist?event_id={event}", status: http.StatusOK,
			want: inList},
		{name: "getUserProfileList of a guest", token: "ann", call: "GET userprofilelist?event_id={event}",
			status: http.StatusForbidden,
			want:   map[string]any{"message": present{}}},
		{name: "getUserProfile", token: "root", call: "GET userprofile?user_id={ann id}", status: http.StatusOK,
			want: profile},
		{name: "getUserProfile by a guest", token: "ann", call: "GET userprofile?user_id={ann id}",
			status: http.StatusNotFound,
			want:   map[string]any{"message": present{}}},
	}
}

// removals returns the calls that remove something, which the client names in the query.
func removals() []webCall {
	return []webCall{
		{name: "remove a guest's tag", token: "root",
			call: "DELETE invitedguesttag?event_id={event}&invited_guest_id={guest}&tag_id={tag}", status: http.StatusOK},
		{name: "guests without it", token: "root", call: "GET invitedGuestList?event_id={event}", status: http.StatusOK,
			want: map[string]any{"length": 1, "0.tags.length": 0}},
		{name: "remove a tag", token: "root", call: "DELETE tag?event_id={event}&id={tag}", status: http.StatusOK},
		{name: "tags without it", token: "root", call: "GET tags?event_id={event}", status: http.StatusOK,
			want: map[string]any{"length": 0}},
		{name: "remove a guest", token: "root", call: "DELETE invitedGuest?event_id={event}&invited_guest_id={guest}",
			status: http.StatusOK,
			want:   map[string]any{"invited_guest_id": "{guest}"}},
		{name: "no guest more", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}", status: http.StatusNotFound},
	}
}

// TestWebClientLanguageOfGuests checks that the language in the query of the call that makes a guest's account becomes
// the guest's.
func TestWebClientLanguageOfGuests(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	root := a.RegisterAdmin(t, "root@example.org")
	a.CreateEvent(t, "one")
	a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/invitedGuest/create?language=fr&event_id=1", Token: root.Token,
		Body: map[string]any{"email": "bob@example.org", "role": "guest"},
	}).
		Decode(t, http.StatusCreated, &struct{}{})
	var list struct {
		Users []struct {
			Email    string
			Language string `json:"primary_language"`
		}
	}
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users?language=en&q=bob", Token: root.Token}).
		Decode(t, http.StatusOK, &list)
	if len(list.Users) != 1 || list.Users[0].Language != "fr" {
		t.Errorf("the guest is %+v, want one of the language %s", list.Users, "fr")
	}
}
