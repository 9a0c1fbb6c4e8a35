package app_test

import (
	"net/http"
	"slices"
	"testing"

	"guestlist/app/apptest"
)

func TestListsVaryByOriginAndFormat(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, allowClient)
	a.CreateEvent(t, "gala")
	root := a.RegisterAdmin(t, "root@example.org")
	response := a.Send(t, apptest.Request{Method: httpGet, Path: "/api/v1/invitedGuestList?event_id=1", Token: root.Token,
		Header: map[string]string{"Origin": clientOrigin}})
	if got := vary(response); response.Status != http.StatusOK || !slices.Contains(got, "Origin") ||
		!slices.Contains(got, "Accept") {
		t.Errorf("got %d, Vary: %q; want %d, with %q and %q", response.Status, got, http.StatusOK, "Origin", "Accept")
	}
}
