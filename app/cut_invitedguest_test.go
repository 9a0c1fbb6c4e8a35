package app_test

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestCutBetweenInsertAndCheck checks that requests fail with 503 if the connection is lost after a constraint has
// refused a row and before the program has found out which constraint it was.
func TestCutBetweenInsertAndCheck(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	gala, ball := a.CreateEvent(t, "gala"), a.CreateEvent(t, "ball")
	admin := a.RegisterAdmin(t, "root@example.org")
	ann := a.RegisterWithRole(t, "ann@example.org", gala.ID, events.Administrator)
	invitation := map[string]any{"event_id": gala.ID, "email": ann.Email, "role": "guest"}
	invite := apptest.Request{Method: http.MethodPost, Path: "/api/v1/invitedGuest", Token: admin.Token, Body: invitation}
	if response := a.Send(t, invite); response.Status != http.StatusCreated {
		t.Fatalf("got %d %s, want %d", response.Status, response.Body, http.StatusCreated)
	}
	requests := map[string]apptest.Request{
		"register": {Method: http.MethodPost, Path: "/api/v1/user", Body: `{"email":"ann@example.org","password":"123456"}`},
		"invite":   invite,
		"event": {
			Method: http.MethodPut, Path: fmt.Sprintf("/api/v1/event?id=%d", ball.ID), Token: admin.Token,
			Body: `{"key":"gala","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30","end_date":"2100-01-31"}`,
		},
	}
	for name, request := range requests {
		if response := a.Send(t, request); response.Status != http.StatusConflict {
			t.Errorf("%s: got %d %s, want %d", name, response.Status, response.Body, http.StatusConflict)
		}
	}
	var refused atomic.Bool
	note := func(db *gorm.DB) {
		if errors.Is(db.Error, gorm.ErrDuplicatedKey) {
			refused.Store(true)
		}
	}
	err := errors.Join(
		a.DB.Callback().Create().After("gorm:create").Register("note", note),
		a.DB.Callback().Update().After("gorm:update").Register("note", note),
		a.DB.Callback().Query().Before("gorm:query").Register("cut", func(db *gorm.DB) {
			if refused.Load() {
				_ = db.AddError(driver.ErrBadConn)
			}
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	for name, request := range requests {
		refused.Store(false)
		response := a.Send(t, request)
		if !refused.Load() {
			t.Errorf("%s: no constraint was violated", name)
		}
		expectUnavailable(t, response)
	}
}
