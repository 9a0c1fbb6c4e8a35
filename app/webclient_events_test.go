package app_test

import (
	"maps"
	"net/http"
)

// eventCalls returns the calls of events.service.js, except those about roles.
func eventCalls() []webCall {
	event := map[string]any{
		"name":        map[string]any{"en": "Gathering", "fr": "Rassemblement"},
		"description": map[string]any{"en": "About it", "fr": "À son sujet"},
		"start_date":  "2100-01-30T00:00:00Z", "end_date": "2100-01-31T23:59:59Z", "key": "gathering", "organisation_id": 1,
		"email_from": "team@example.org", "url": "www.example.org",
		"application_open": "2026-01-01T00:00:00Z", "application_close": "2026-03-01T23:59:59Z",
		"review_open": "2026-03-02T00:00:00Z", "review_close": "2026-03-03T23:59:59Z",
		"selection_open": "2026-03-04T00:00:00Z", "selection_close": "2026-03-05T23:59:59Z",
		"offer_open": "2026-03-06T00:00:00Z", "offer_close": "2026-03-07T23:59:59Z",
		"registration_open": "2026-03-08T00:00:00Z", "registration_close": "2099-12-31T23:59:59Z", "event_type": "EVENT",
		"travel_grant": "true", "miniconf_url": "",
	}
	edited, change := maps.Clone(event), maps.Clone(event) // reading returns what was written
	edited["id"], edited["travel_grant"] = "{event}", true
	change["id"], change["miniconf_url"] = "{event}", "https://online.example.org"
	listed := map[string]any{
		"id": "{event}", "name": "{event name}", "description": present{}, "key": "gathering", "email_from": nil,
		"url":        "www.example.org",
		"start_date": "30 January 2100", "end_date": "31 January 2100", "application_open_date": "01 January 2026",
		"application_close_date": "01 March 2026",
		"status.invited_guest":   nil, "status.application_status": nil, "status.registration_status": nil,
		"status.offer_status": nil, "status.outcome_status": nil,
		"status.is_event_attendee": false, "organisation_name": "Guestlist", "organisation_id": 1, "event_type": "EVENT",
		"is_application_open": true, "is_application_opening": false, "is_review_open": false, "is_review_opening": true,
		"is_selection_open": false, "is_selection_opening": true,
		"is_offer_open": false, "is_offer_opening": true, "is_registration_open": false, "is_registration_opening": true,
		"is_event_open": false, "is_event_opening": true,
		"travel_grant": true, "miniconf_url": "https://online.example.org",
	}
	inList := map[string]any{"length": 2}
	for name, value := range listed {
		inList["0."+name] = value
	}
	journal := map[string]any{
		"name": event["name"], "description": event["description"], "start_date": "2026-01-01T00:00:00Z", "end_date": nil,
		"key":        "journal",
		"email_from": "team@example.org", "url": "example.org", "event_type": "JOURNAL", "travel_grant": false,
	}
	return []webCall{
		{name: "create by a user", token: "ann", call: "POST event", body: event, status: http.StatusForbidden,
			want: map[string]any{"message": present{}}},
		{name: "create", token: "root", call: "POST event", body: event, status: http.StatusCreated,
			save: map[string]string{"event": "id"}},
		{name: "create a journal", token: "root", call: "POST event", body: journal, status: http.StatusCreated,
			want: map[string]any{"end_date": nil, "event_type": "JOURNAL"}},
		{name: "getEvent", token: "root", call: "GET event?id={event}&cache_bust=1", status: http.StatusOK, want: edited},
		{name: "update", token: "root", call: "PUT event", body: change, status: http.StatusOK,
			want: map[string]any{"miniconf_url": "https://online.example.org"}},
		{name: "getEvents", token: "ann", call: "GET events?cache_bust=1", status: http.StatusOK, want: inList},
		{name: "getByKey", token: "ann", call: "GET event-by-key?event_key=gathering&cache_bust=1", status: http.StatusOK,
			want: listed},
		{name: "getByKey of none", token: "ann", call: "GET event-by-key?event_key=none&cache_bust=1",
			status: http.StatusNotFound, want: map[string]any{"message": present{}}},
	}
}

// roleCalls returns the calls of events.service.js about roles.
func roleCalls() []webCall {
	role := func(email string) map[string]any {
		return map[string]any{"event_id": "{event}", "email": email, "role": "reviewer"}
	}
	return []webCall{
		{name: "getEventRoles", token: "root", call: "GET event-roles?event_id={event}", status: http.StatusOK,
			want: map[string]any{
				"length": 1, "0.id": present{}, "0.event_id": "{event}", "0.user_id": present{}, "0.user": "root@example.org",
				"0.role": "admin",
			}},
		{name: "addEventRole", token: "root", call: "POST event-roles", body: role("ann@example.org"), status: http.StatusOK,
			want: map[string]any{
				"length": 2, "1.user": "Ms Anne Lee (ann@example.org)", "1.role": "reviewer", "1.user_id": "{ann id}",
			}, save: map[string]string{"role": "1.id"}},
		{name: "addEventRole again", token: "root", call: "POST event-roles", body: role("ann@example.org"),
			status: http.StatusConflict,
			want:   map[string]any{"message": "This user already has this role for this event."}},
		{name: "addEventRole to nobody", token: "root", call: "POST event-roles", body: role("eve@example.org"),
			status: http.StatusNotFound,
			want:   map[string]any{"message": "No user exists with that email"}},
		{name: "deleteEventRole", token: "root", call: "DELETE event-roles?event_id={event}&event_role_id={role}",
			status: http.StatusOK, want: map[string]any{"length": 1}},
	}
}
