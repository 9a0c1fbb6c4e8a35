package invitedguest_test

import (
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/events"
)

// TestBulksLeaveConnections sends more bulks at the same time than there are connections to the database, while none of
// them can write, and checks that other requests succeed.
func TestBulksLeaveConnections(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.DatabasePoolSize = 5 }))
	pool, err := a.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	tx := a.DB.Begin() // on SQLite, no other transaction can write
	if err := tx.Model(&events.Event{}).Where("id = ?", a.event.ID).Update("url", "https://example.org").
		Error; err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			guests := []any{map[string]any{"email": fmt.Sprintf("guest%d@example.org", i), "role": "guest"}}
			a.bulk(t, "", map[string]any{"event_id": a.event.ID, "guests": guests}, nil).Decode(t, http.StatusOK, &bulkReport{})
		})
	}
	stuck := func() bool {
		if waits, ok := database.WaitsOf(a.DB); ok {
			return waits.Waiting >= 2
		}
		return pool.Stats().InUse >= 3 // by tx and two bulks
	}
	for !stuck() {
		runtime.Gosched()
	}
	for range 20 {
		a.call(t, http.MethodGet, "/api/v1/user", nil).Decode(t, http.StatusOK, &struct{}{})
	}
	if err := tx.Rollback().Error; err != nil {
		t.Fatal(err)
	}
	group.Wait()
}
