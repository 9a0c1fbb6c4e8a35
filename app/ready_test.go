package app_test

import (
	"net/http"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
)

// TestReadyToWrite makes the one connection to the database read-only, as a standby or a full disk is, and writable
// again.
func TestReadyToWrite(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.DatabasePoolSize = 1 })
	user := a.Register(t, "ann@example.org")
	readOnly := map[bool]string{true: "PRAGMA query_only = 1", false: "PRAGMA query_only = 0"}
	if a.DB.Name() == "postgres" {
		readOnly = map[bool]string{true: "SET default_transaction_read_only = on",
			false: "SET default_transaction_read_only = off"}
	}
	ready := apptest.Request{Method: http.MethodGet, Path: "/readyz"}
	change := apptest.Request{Method: http.MethodPut, Path: "/api/v1/user", Token: user.Token, Body: `{"firstname":"Ann"}`}
	for _, broken := range []bool{false, true, false} {
		if err := a.DB.Exec(readOnly[broken]).Error; err != nil {
			t.Fatal(err)
		}
		a.Clock.Advance(time.Second)
		for range 2 { // the second time, it may remember
			if !broken {
				a.Send(t, ready).Decode(t, http.StatusOK, &struct{}{})
				a.Send(t, change).Decode(t, http.StatusOK, &struct{}{})
				continue
			}
			expectUnavailable(t, a.Send(t, ready))
			expectUnavailable(t, a.Send(t, change))
			a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: user.Token}).
				Decode(t, http.StatusOK, &user)
		}
	}
}

// TestReadyWritesNowAndThen asks very often.
func TestReadyWritesNowAndThen(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	writes := 0
	if err := a.DB.Callback().Create().Before("gorm:create").Register("count", func(*gorm.DB) { writes++ }); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/readyz"}).Decode(t, http.StatusOK, &struct{}{})
		a.Clock.Advance(100 * time.Millisecond)
	}
	if writes != 2 {
		t.Errorf("%d writes in two seconds, want %d", writes, 2)
	}
}
