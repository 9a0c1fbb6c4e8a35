package app_test

import (
	"maps"
	"net/http"
)

// organisationCalls are that of organisation.service.js.
func organisationCalls() []webCall {
	return []webCall{{name: "getOrganisation", call: "GET organisation", status: http.StatusOK, want: map[string]any{
		"id": 1, "name": "Guestlist", "system_name": "Guestlist", "small_logo": "logo-32x32.png", "large_logo": "Baobab.png",
		"icon_logo": "logo-32x32-white.png", "domain": "guestlist.example.org", "url": "https://guestlist.example.org",
		"email_from": "guestlist@example.org", "system_url": "https://guestlist.example.org", "privacy_policy": "policy.pdf",
		"languages.0.code": "en", "languages.0.description": "English", "languages.1.code": "fr", "languages.1.description": "French",
		"iso_currency_code": "",
	}}}
}

// contentCalls are those of content.service.js: lists of values and labels.
func contentCalls() (calls []webCall) {
	for list, first := range map[string][2]any{
		"title": {"{title}", "{title}"}, "gender": {"male", "{gender}"}, "ethnicity": {"black", "{ethnicity}"}, "disability": {"none", "{disability}"},
		"countries": {"AF", "Afghanistan"}, "categories": {present{}, present{}},
	} {
		calls = append(calls, webCall{name: list, call: "GET content/" + list, status: http.StatusOK, want: map[string]any{
			"length": present{}, "0.value": first[0], "0.label": first[1],
		}})
	}
	return calls
}

// userCalls are those of user.service.js that do not end what the others need.
func userCalls() []webCall {
	session := func(firstname string) map[string]any {
		return map[string]any{
			"id": present{}, "token": present{}, "email": "ann@example.org", "firstname": firstname, "lastname": "Lee", "title": "Ms",
			"is_admin": false, "primary_language": "{language}", "roles.length": 0,
		}
	}
	credentials := map[string]any{"email": "ann@example.org", "password": "123456"}
	again, undecided := maps.Clone(credentials), maps.Clone(credentials)
	again["policy_agreed"], undecided["policy_agreed"] = true, false
	return []webCall{
		{name: "create without agreeing", call: "POST user", body: undecided, status: http.StatusBadRequest,
			want: map[string]any{"errors.policy_agreed": present{}, "message": present{}}},
		{name: "create", call: "POST user", body: map[string]any{
			"email": "ann@example.org", "firstname": "Ann", "lastname": "Lee", "user_title": "Ms", "password": "123456", "policy_agreed": true,
		}, status: http.StatusCreated, want: session("Ann"), save: map[string]string{"ann": "token", "ann id": "id"}},
		{name: "create again", call: "POST user", body: again, status: http.StatusConflict, want: map[string]any{"message": present{}}},
		{name: "login", call: "POST authenticate", body: credentials, status: http.StatusOK, want: session("Ann"), save: map[string]string{"ann": "token"}},
		{name: "wrong login", call: "POST authenticate", body: map[string]any{"email": "ann@example.org", "password": "wrong"},
			status: http.StatusUnauthorized, want: map[string]any{"type": "INVALID_CREDENTIALS", "message": present{}}},
		{name: "get", token: "ann", call: "GET user", status: http.StatusOK, want: map[string]any{
			"email": "ann@example.org", "firstname": "Ann", "lastname": "Lee", "user_title": "Ms",
		}},
		{name: "get by nobody", call: "GET user", status: http.StatusUnauthorized, want: map[string]any{"type": "UNAUTHORIZED", "message": present{}}},
		{name: "update", token: "ann", call: "PUT user", body: map[string]any{
			"email": "ann@example.org", "firstname": "Anne", "lastname": "Lee", "user_title": "Ms", "password": "",
		}, status: http.StatusOK, want: session("Anne"), save: map[string]string{"ann": "token"}},
		{name: "agree to the policy", token: "ann", call: "PUT privacypolicy", body: map[string]any{"policy_agreed": true}, status: http.StatusOK},
		{name: "authRefresh", token: "ann", call: "GET authenticationrefresh", status: http.StatusOK, want: session("Anne")},
		{name: "requestPasswordReset", call: "POST password-reset/request", body: map[string]any{"email": "ann@example.org"}, status: http.StatusCreated},
		{name: "confirmPasswordReset", call: "POST password-reset/confirm", body: map[string]any{"password": "abcdef", "code": "wrong"},
			status: http.StatusBadRequest, want: map[string]any{"message": present{}}},
		{name: "verifyEmail", call: "GET verify-email?token=wrong", status: http.StatusBadRequest, want: map[string]any{"message": present{}}},
		{name: "resendVerification", call: "GET resend-verification-email?email=ann@example.org", status: http.StatusCreated},
	}
}

// eventCalls are those of events.service.js but for the roles.
func eventCalls() []webCall {
	event := map[string]any{
		"name": map[string]any{"en": "Gathering", "fr": "Rassemblement"}, "description": map[string]any{"en": "About it", "fr": "À son sujet"},
		"start_date": "2100-01-30T00:00:00Z", "end_date": "2100-01-31T23:59:59Z", "key": "gathering", "organisation_id": 1,
		"email_from": "team@example.org", "url": "www.example.org",
		"application_open": "2026-01-01T00:00:00Z", "application_close": "2026-03-01T23:59:59Z", "review_open": "2026-03-02T00:00:00Z", "review_close": "2026-03-03T23:59:59Z",
		"selection_open": "2026-03-04T00:00:00Z", "selection_close": "2026-03-05T23:59:59Z", "offer_open": "2026-03-06T00:00:00Z", "offer_close": "2026-03-07T23:59:59Z",
		"registration_open": "2026-03-08T00:00:00Z", "registration_close": "2099-12-31T23:59:59Z", "event_type": "EVENT", "travel_grant": "true", "miniconf_url": "",
	}
	edited, change := maps.Clone(event), maps.Clone(event) // what is written is read
	edited["id"], edited["travel_grant"] = "{event}", true
	change["id"], change["miniconf_url"] = "{event}", "https://online.example.org"
	listed := map[string]any{
		"id": "{event}", "name": "{event name}", "description": present{}, "key": "gathering", "email_from": nil, "url": "www.example.org",
		"start_date": "30 January 2100", "end_date": "31 January 2100", "application_open_date": "01 January 2026", "application_close_date": "01 March 2026",
		"status.invited_guest": nil, "status.application_status": nil, "status.registration_status": nil, "status.offer_status": nil, "status.outcome_status": nil,
		"status.is_event_attendee": false, "organisation_name": "Guestlist", "organisation_id": 1, "event_type": "EVENT",
		"is_application_open": true, "is_application_opening": false, "is_review_open": false, "is_review_opening": true, "is_selection_open": false, "is_selection_opening": true,
		"is_offer_open": false, "is_offer_opening": true, "is_registration_open": false, "is_registration_opening": true, "is_event_open": false, "is_event_opening": true,
		"travel_grant": true, "miniconf_url": "https://online.example.org",
	}
	inList := map[string]any{"length": 2}
	for name, value := range listed {
		inList["0."+name] = value
	}
	journal := map[string]any{
		"name": event["name"], "description": event["description"], "start_date": "2026-01-01T00:00:00Z", "end_date": nil, "key": "journal",
		"email_from": "team@example.org", "url": "example.org", "event_type": "JOURNAL", "travel_grant": false,
	}
	return []webCall{
		{name: "create by a user", token: "ann", call: "POST event", body: event, status: http.StatusForbidden, want: map[string]any{"message": present{}}},
		{name: "create", token: "root", call: "POST event", body: event, status: http.StatusCreated, save: map[string]string{"event": "id"}},
		{name: "create a journal", token: "root", call: "POST event", body: journal, status: http.StatusCreated, want: map[string]any{"end_date": nil, "event_type": "JOURNAL"}},
		{name: "getEvent", token: "root", call: "GET event?id={event}&cache_bust=1", status: http.StatusOK, want: edited},
		{name: "update", token: "root", call: "PUT event", body: change, status: http.StatusOK, want: map[string]any{"miniconf_url": "https://online.example.org"}},
		{name: "getEvents", token: "ann", call: "GET events?cache_bust=1", status: http.StatusOK, want: inList},
		{name: "getByKey", token: "ann", call: "GET event-by-key?event_key=gathering&cache_bust=1", status: http.StatusOK, want: listed},
		{name: "getByKey of none", token: "ann", call: "GET event-by-key?event_key=none&cache_bust=1", status: http.StatusNotFound, want: map[string]any{"message": present{}}},
	}
}

// tagCalls are those of tags.service.js.
func tagCalls() []webCall {
	tag := func(id any, active bool) map[string]any {
		tag := map[string]any{
			"name": map[string]any{"en": "Vegan", "fr": "Végane"}, "description": map[string]any{"en": "Eats tofu", "fr": "Mange du tofu"},
			"tag_type": "REGISTRATION", "active": active,
		}
		if id != nil {
			tag["id"] = id
		}
		return tag
	}
	read := tag("{tag}", true)
	read["event_id"] = "{event}"
	return []webCall{
		{name: "addTag", token: "root", call: "POST tag?event_id={event}", body: tag(nil, true), status: http.StatusCreated,
			want: map[string]any{"tag_type": "REGISTRATION", "active": true, "name.fr": "Végane"}, save: map[string]string{"tag": "id"}},
		{name: "getTag", token: "root", call: "GET tag?id={tag}&event_id={event}", status: http.StatusOK, want: read},
		{name: "getTagList", token: "root", call: "GET tags?event_id={event}", status: http.StatusOK, want: map[string]any{
			"length": 1, "0.id": "{tag}", "0.name": "{tag name}", "0.active": true, "0.tag_type": "REGISTRATION", "0.description": present{},
		}},
		{name: "getTagListConfig", token: "root", call: "GET tagsconfig?event_id={event}", status: http.StatusOK, want: map[string]any{"length": 1, "0": read}},
		{name: "getTagTypeList", token: "root", call: "GET tagtypes?event_id={event}", status: http.StatusOK,
			want: map[string]any{"": []any{"RESPONSE", "REGISTRATION", "GRANT", "QUESTION", "CHECKIN"}}},
		{name: "updateTag away", token: "root", call: "PUT tag?event_id={event}", body: tag("{tag}", false), status: http.StatusOK, want: map[string]any{"active": false}},
		{name: "getTag away", token: "root", call: "GET tag?id={tag}&event_id={event}", status: http.StatusNotFound, want: map[string]any{"message": present{}}},
		{name: "getTagListConfig away", token: "root", call: "GET tagsconfig?event_id={event}", status: http.StatusOK, want: map[string]any{"length": 0}},
		{name: "updateTag back", token: "root", call: "PUT tag?event_id={event}", body: tag("{tag}", true), status: http.StatusOK, want: map[string]any{"active": true}},
	}
}

// guestCalls are those of invitedGuests.service.js.
func guestCalls() []webCall {
	ofTag := map[string]any{"tag_id": "{tag}", "event_id": "{event}", "invited_guest_id": "{guest}"}
	return []webCall{
		{name: "determineIfInvitedGuest", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}", status: http.StatusNotFound},
		{name: "addInvitedGuest", token: "root", call: "POST invitedGuest", body: map[string]any{
			"event_id": "{event}", "email": "ann@example.org", "role": "Speaker", "tag_ids": []any{"{tag}"},
		}, status: http.StatusCreated, want: map[string]any{"fullname": "Ms Anne Lee"}, save: map[string]string{"guest": "invitedGuest_id"}},
		{name: "addInvitedGuest again", token: "root", call: "POST invitedGuest", body: map[string]any{"event_id": "{event}", "email": "ann@example.org", "role": "Speaker"},
			status: http.StatusConflict},
		{name: "addInvitedGuest of nobody", token: "root", call: "POST invitedGuest", body: map[string]any{"event_id": "{event}", "email": "bob@example.org", "role": "Speaker"},
			status: http.StatusNotFound},
		{name: "createInvitedGuest", token: "root", call: "POST invitedGuest/create", body: map[string]any{
			"event_id": "{event}", "email": "bob@example.org", "firstname": "Bob", "lastname": "Roy", "user_title": "Mr", "role": "Guest", "policy_agreed": true, "tag_ids": []any{},
		}, status: http.StatusCreated, save: map[string]string{"bob": "invitedGuest_id", "bob id": "user_id"}},
		{name: "getInvitedGuestList", token: "root", call: "GET invitedGuestList?event_id={event}", status: http.StatusOK, want: map[string]any{
			"length": 2, "0.invited_guest_id": "{guest}", "0.role": "Speaker", "0.user.email": "ann@example.org", "0.user.firstname": "Anne", "0.tags.0.name": "{tag name}",
			"0.tags.0.id": "{tag}",
		}},
		{name: "removeTag", token: "root", call: "DELETE invitedguesttag", body: ofTag, status: http.StatusOK},
		{name: "addTag", token: "root", call: "POST invitedguesttag", body: ofTag, status: http.StatusCreated, want: map[string]any{"id": "{tag}", "name": "{tag name}"}},
		{name: "determineIfInvitedGuest", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}", status: http.StatusOK},
		{name: "getEvents of a guest", token: "ann", call: "GET events?cache_bust=1", status: http.StatusOK, want: map[string]any{
			"0.status.invited_guest": "Speaker", "0.status.is_event_attendee": true, "0.status.registration_status": nil,
		}},
		{name: "deleteGuest", token: "root", call: "DELETE invitedGuest", body: map[string]any{"invited_guest_id": "{bob}", "event_id": "{event}"},
			status: http.StatusOK, want: map[string]any{"invited_guest_id": "{bob}"}},
	}
}

// profileCalls are those for the profiles of an event's guests.
func profileCalls() []webCall {
	profile := map[string]any{
		"user_id": "{ann id}", "email": "ann@example.org", "firstname": "Anne", "lastname": "Lee", "user_title": "Ms", "type": "Invited Guest",
	}
	inList := map[string]any{"length": 1}
	for name, value := range profile {
		inList["0."+name] = value
	}
	return []webCall{
		{name: "getUserProfileList", token: "root", call: "GET userprofilelist?event_id={event}", status: http.StatusOK, want: inList},
		{name: "getUserProfileList of a guest", token: "ann", call: "GET userprofilelist?event_id={event}", status: http.StatusForbidden,
			want: map[string]any{"message": present{}}},
		{name: "getUserProfile", token: "root", call: "GET userprofile?user_id={ann id}", status: http.StatusOK, want: profile},
		{name: "getUserProfile by a guest", token: "ann", call: "GET userprofile?user_id={ann id}", status: http.StatusNotFound,
			want: map[string]any{"message": present{}}},
	}
}

// roleCalls are those of events.service.js about roles.
func roleCalls() []webCall {
	role := func(email string) map[string]any {
		return map[string]any{"event_id": "{event}", "email": email, "role": "reviewer"}
	}
	return []webCall{
		{name: "getEventRoles", token: "root", call: "GET event-roles?event_id={event}", status: http.StatusOK, want: map[string]any{
			"length": 1, "0.id": present{}, "0.event_id": "{event}", "0.user_id": present{}, "0.user": "root@example.org", "0.role": "admin",
		}},
		{name: "addEventRole", token: "root", call: "POST event-roles", body: role("ann@example.org"), status: http.StatusOK, want: map[string]any{
			"length": 2, "1.user": "Ms Anne Lee (ann@example.org)", "1.role": "reviewer", "1.user_id": "{ann id}",
		}, save: map[string]string{"role": "1.id"}},
		{name: "addEventRole again", token: "root", call: "POST event-roles", body: role("ann@example.org"), status: http.StatusConflict,
			want: map[string]any{"message": "This user already has this role for this event."}},
		{name: "addEventRole to nobody", token: "root", call: "POST event-roles", body: role("eve@example.org"), status: http.StatusNotFound,
			want: map[string]any{"message": "No user exists with that email"}},
		{name: "deleteEventRole", token: "root", call: "DELETE event-roles?event_id={event}&event_role_id={role}", status: http.StatusOK, want: map[string]any{"length": 1}},
	}
}

// removals name in the query what the client removes.
func removals() []webCall {
	return []webCall{
		{name: "remove a guest's tag", token: "root", call: "DELETE invitedguesttag?event_id={event}&invited_guest_id={guest}&tag_id={tag}", status: http.StatusOK},
		{name: "guests without it", token: "root", call: "GET invitedGuestList?event_id={event}", status: http.StatusOK,
			want: map[string]any{"length": 1, "0.tags.length": 0}},
		{name: "remove a tag", token: "root", call: "DELETE tag?event_id={event}&id={tag}", status: http.StatusOK},
		{name: "tags without it", token: "root", call: "GET tags?event_id={event}", status: http.StatusOK, want: map[string]any{"length": 0}},
		{name: "remove a guest", token: "root", call: "DELETE invitedGuest?event_id={event}&invited_guest_id={guest}", status: http.StatusOK,
			want: map[string]any{"invited_guest_id": "{guest}"}},
		{name: "no guest more", token: "ann", call: "GET checkIfInvitedGuest?event_id={event}", status: http.StatusNotFound},
	}
}

// endCalls are those after which nothing goes on, and what they leave.
func endCalls() []webCall {
	return []webCall{
		{name: "deleteAccount", token: "ann", call: "DELETE user", status: http.StatusOK},
		{name: "get after it", token: "ann", call: "GET user", status: http.StatusUnauthorized, want: map[string]any{"type": "UNAUTHORIZED"}},
	}
}
