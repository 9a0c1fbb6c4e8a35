package invitedguest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"guestlist/app/events"
)

// TestBulkBesideSingles invites users, and people who are none yet, in lists and at the same time one by one: nobody waits
// for another in a circle.
func TestBulkBesideSingles(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const people = 25
	for i := range people {
		a.StoreUser(t, fmt.Sprintf("user%d@example.org", i), "")
	}
	for round := range 5 {
		event := a.CreateEvent(t, fmt.Sprint("event", round))
		a.Grant(t, event.ID, a.admin.ID, events.Administrator)
		var list []any
		singles := map[string]string{} // paths by address
		for i := range people {
			user, stranger := fmt.Sprintf("user%d@example.org", i), fmt.Sprintf("new%d.%d@example.org", i, round)
			singles[user], singles[stranger] = "/api/v1/invitedGuest", "/api/v1/invitedGuest/create"
			list = append(list, map[string]any{"email": user, "role": "guest"}, map[string]any{"email": stranger, "role": "guest"})
		}
		var group sync.WaitGroup
		group.Go(func() {
			a.bulk(t, "", map[string]any{"event_id": event.ID, "guests": list}, nil).Decode(t, http.StatusOK, &bulkReport{})
		})
		for email, path := range singles {
			group.Go(func() {
				got := a.call(t, http.MethodPost, path, map[string]any{"event_id": event.ID, "email": email, "role": "guest"})
				if got.Status != http.StatusCreated && got.Status != http.StatusConflict {
					t.Errorf("got %+v", got)
				}
			})
		}
		group.Wait()
	}
}
