package app_test

import (
	"net/http"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
)

// TestReadyToWrite checks that the application is not ready while its one connection to the database is read-only, as
// on a standby or with a full disk, and is ready again afterwards.
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
		for range 2 { // the second response may be a remembered one
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

// TestReadyWritesNowAndThen checks that /readyz writes only once a second, however often it is requested.
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
		t.Errorf("got %d writes in two seconds, want %d", writes, 2)
	}
}
