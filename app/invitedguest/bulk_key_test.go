package invitedguest_test

import (
	"fmt"
	"net/http"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestBulkKeyIsOne checks that an idempotency key belongs to one user and one event, that a dry run does not use it up,
// and that the whole request must be the same.
func TestBulkKeyIsOne(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	second := a.RegisterWithRole(t, "second@example.org", a.event.ID, events.Administrator)
	other := a.CreateEvent(t, "other")
	a.Grant(t, other.ID, a.admin.ID, events.Administrator)
	send := func(token string, eventID int64, more string) apptest.Response {
		return a.Send(t, apptest.Request{
			Method: http.MethodPost, Path: fmt.Sprintf("/api/v1/invitedGuest/bulk?event_id=%d&role=guest%s", eventID, more),
			Body: "email\nann@example.org\n", Token: token, Header: map[string]string{"Content-Type": "text/csv",
				"Idempotency-Key": "one"},
		})
	}
	for _, step := range []struct {
		token            string
		eventID          int64
		more             string
		created, already int
	}{
		{a.admin.Token, a.event.ID, "&dry_run=true", 1, 0},
		{a.admin.Token, a.event.ID, "", 1, 0},
		{second.Token, a.event.ID, "", 0, 1},
		{a.admin.Token, other.ID, "", 1, 0},
		{a.admin.Token, a.event.ID, "", 1, 0}, // the first response again
	} {
		var got bulkReport
		send(step.token, step.eventID, step.more).Decode(t, http.StatusOK, &got)
		if got.Created != step.created || got.AlreadyInvited != step.already {
			t.Errorf("event %d%s: got %+v, want %d created, %d already invited", step.eventID, step.more, got, step.created,
				step.already)
		}
	}
	send(a.admin.Token, a.event.ID, "s").Error(t, http.StatusUnprocessableEntity, "IDEMPOTENCY_KEY_REUSED")
}
