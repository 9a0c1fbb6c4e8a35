package events_test

import (
	"errors"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// TestWithoutGuests checks that a Service without guests can list and show events, and grant roles.
func TestWithoutGuests(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	event := a.CreateEvent(t, "gala")
	admin := a.RegisterWithRole(t, "admin@example.org", event.ID, events.Administrator)
	a.RegisterVerified(t, "ann@example.org")
	caller, err := users.Find(t.Context(), a.DB, admin.ID)
	if err != nil {
		t.Fatal(err)
	}
	service := events.NewService(a.DB, events.Options{})
	listed, err := service.List(t.Context(), caller, utils.Page{Sort: "id"})
	if err != nil || len(listed) != 1 {
		t.Fatalf("got %+v, %v; want 1 event", listed, err)
	}
	if _, err := service.Standing(t.Context(), caller, listed...); err != nil {
		t.Error(err)
	}
	wanted := events.Assignment{EventID: event.ID, Email: "ann@example.org", Role: events.Reviewer}
	if _, err := service.Grant(t.Context(), audit.Actor{}.As(admin.ID), caller, wanted); err != nil {
		t.Error(err)
	}
	wanted = events.Assignment{EventID: event.ID, UserID: 1 << 40, Role: events.Reviewer}
	_, err = service.Grant(t.Context(), audit.Actor{}.As(admin.ID), caller, wanted)
	if !errors.Is(err, utils.ErrUserNotFound) {
		t.Errorf("granting a role to an unknown user: got %v, want utils.ErrUserNotFound", err)
	}
}
