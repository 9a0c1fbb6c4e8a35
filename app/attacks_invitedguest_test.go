package app_test

import (
	"slices"
	"strings"
	"testing"

	"guestlist/app/events"
)

// bulk is the path for inviting many guests in one request.
const bulk = "/api/v1/invitedGuest/bulk"

// TestAttacksOnGuests checks that the application withstands attacks on events and their guests, and by a user who has
// registered someone else's address.
func TestAttacksOnGuests(t *testing.T) {
	t.Parallel()
	a := newStage(t)
	tokens := attackers(t, a.App)
	a.Grant(t, a.CreateEvent(t, "party").ID, 4, events.Administrator)
	tokens["vip"] = a.squat(t).Token
	a.give(t)
	a.Mails(t)
	resist(t, a.App, tokens, slices.Concat(guestAttacks(), addressAttacks()))
}

// guestAttacks returns attacks on the calls for administrators of events.
func guestAttacks() []attack {
	attacks := []attack{
		{"zeros for guests", httpPost, bulk, "ann", `{"guests":[0` + strings.Repeat(",0", 2_600_000) + `]}`, 403,
			"FORBIDDEN"},
		{"zeros for guests, by an administrator", httpPost, bulk, "admin", `{"guests":[0` + strings.Repeat(",0", 2_600_000) +
			`]}`, 400, "VALIDATION_FAILED"},
		{"guests without end", httpPost, bulk, "admin", `{"guests":[0` + strings.Repeat(",0", 3_000_000) + `]}`, 413,
			"BODY_TOO_LARGE"},
		{"an event behind a long text", httpPost, "/api/v1/tag", "ann", `{"x":"` + strings.Repeat("x", 1<<19) +
			`","event_id":1}`, 403, "FORBIDDEN"},
		{"profiles of no event", httpGet, "/api/v1/userprofilelist?event_id=999", "ann", "", 404, "EVENT_NOT_FOUND"},
		{"profiles of another's event", httpGet, "/api/v1/userprofilelist?event_id=1", "ann", "", 403, "FORBIDDEN"},
		{"block the last of an event", httpPost, list + "/4/block", "admin", "", 409, "LAST_ADMINISTRATOR"},
	}
	// An event's administrator, the caller, an administrator, and no user.
	for _, value := range []string{"1", "2", "3", "9223372036854775807"} {
		attacks = append(attacks, attack{"profile " + value, httpGet, "/api/v1/userprofile?user_id=" + value, "ann", "", 404,
			"USER_NOT_FOUND"})
	}
	for _, value := range []string{"abc", "0", "-1", huge, sqlText, "1&user_id=2"} {
		attacks = append(attacks, attack{"profile " + value, httpGet, "/api/v1/userprofile?user_id=" + value, "admin", "",
			400, "VALIDATION_FAILED"})
	}
	return attacks
}
