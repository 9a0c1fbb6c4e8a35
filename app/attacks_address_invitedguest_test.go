package app_test

import "net/http"

// addressAttacks returns attacks by a user who has registered someone else's address, which has a pending role in an
// event, a pending right to administer the system, and an invitation.
func addressAttacks() []attack {
	const event = `{"key":"own","name":{"en":"Own"},"description":{"en":""},` +
		`"start_date":"2100-01-30","end_date":"2100-01-31"}`
	return []attack{
		{"the system's right to make events", httpPost, "/api/v1/event", "vip", event, 403, "FORBIDDEN"},
		{"the system's list of users", httpGet, list, "vip", "", 403, "FORBIDDEN"},
		{"a pending right to change the event", httpPut, "/api/v1/event?id=1", "vip", event, 403, "FORBIDDEN"},
		{"a pending right to see roles", httpGet, "/api/v1/event-roles?event_id=1", "vip", "", 403, "FORBIDDEN"},
		{"a pending right to give roles", httpPost, "/api/v1/event-roles", "vip",
			`{"event_id":1,"email":"ann@example.org","role":"admin"}`, 403, "FORBIDDEN"},
		{"a pending role to give up", http.MethodDelete, "/api/v1/event-roles?event_id=1&email=vip@example.org&role=admin",
			"vip", "", 403, "FORBIDDEN"},
		{"a pending right to see tags", httpGet, "/api/v1/tags?event_id=1", "vip", "", 403, "FORBIDDEN"},
		{"a pending right to make tags", httpPost, "/api/v1/tag", "vip", `{"event_id":1,"name":{"en":"x"}}`, 403,
			"FORBIDDEN"},
		{"a pending right to see guests", httpGet, "/api/v1/invitedGuestList?event_id=1", "vip", "", 403, "FORBIDDEN"},
		{"a pending right to invite", httpPost, "/api/v1/invitedGuest", "vip",
			`{"event_id":1,"email":"ann@example.org","role":"x"}`, 403, "FORBIDDEN"},
		{"a pending right to invite many", httpPost, bulk, "vip", `{"event_id":1,"guests":[{"email":"ann@example.org"}]}`,
			403, "FORBIDDEN"},
		{"a pending right to change guests", httpPut, "/api/v1/invitedGuest", "vip",
			`{"event_id":1,"invited_guest_id":1,"status":"accepted"}`, 403, "FORBIDDEN"},
		{"a pending right to invite again", httpPost, "/api/v1/invitedGuest/resend", "vip",
			`{"event_id":1,"invited_guest_id":1}`, 403, "FORBIDDEN"},
		{"a pending right to be told of answers", httpPut, "/api/v1/event-notification", "vip",
			`{"event_id":1,"answers":"at_once"}`, 403, "FORBIDDEN"},
		{"a pending right to remind", httpPost, "/api/v1/invitedGuest/remind", "vip", `{"event_id":1,"reminder":"x"}`, 403,
			"FORBIDDEN"},
		{"the news of another's invitation", httpGet, "/api/v1/checkIfInvitedGuest?event_id=1", "vip", "", 404, ""},
	}
}
