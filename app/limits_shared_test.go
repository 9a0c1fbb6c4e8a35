package app_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
)

// TestSharedLimits checks that two instances on one database share the limit on signing in, and share it again after
// the Redis server was down. While it is down, each instance counts by itself, and no request is refused because of
// that.
func TestSharedLimits(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t)
	first := apptest.New(t, func(c *app.Config) {
		c.LimitLogin = limits.Rate{Count: 2, Per: time.Hour}
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // where requests in tests come from
	})
	first.Register(t, "ann@example.org")
	instances := make([]*apptest.App, 2)
	for n := range instances {
		shared, err := limits.NewShared(server.URL(), limits.SharedOptions{
			Prefix: "guestlist", Now: first.Clock.Now, Log: first.Logger, Timeout: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = shared.Close() })
		instances[n] = &apptest.App{App: app.New(first.Config, first.DB, app.WithClock(first.Clock.Now),
			app.WithLogger(first.Logger), app.WithSharedLimits(shared))}
	}
	signIn := func(when, network string, statuses ...int) { // at the instances in turn
		t.Helper()
		for n, want := range statuses {
			response := instances[n%2].Send(t, apptest.Request{
				Method: http.MethodPost, Path: "/api/v1/authenticate", Header: map[string]string{"X-Forwarded-For": network},
				Body: `{"email":"ann@example.org","password":"123456"}`,
			})
			if response.Status != want ||
				(want == http.StatusTooManyRequests) != (response.Header.Get("Retry-After") == "1800") {
				t.Errorf("%s: attempt %d: got %d with Retry-After %q, want %d", when, n, response.Status,
					response.Header.Get("Retry-After"), want)
			}
		}
	}
	const ok, tooMany = http.StatusOK, http.StatusTooManyRequests
	signIn("shared", "203.0.113.1", ok, ok, tooMany, tooMany)
	signIn("shared, elsewhere", "203.0.113.2", ok, ok, tooMany)
	server.Kill()
	signIn("away", "203.0.113.3", ok, ok, ok, ok, tooMany, tooMany)
	if warnings := first.Log.Warnings(); strings.Count(warnings, "\n") != 2 || strings.Count(warnings, "REDIS_URL") != 2 {
		t.Errorf("got the warnings\n%s\nwant one line from each instance, with REDIS_URL", warnings)
	}
	server.Start(t)
	first.Clock.Advance(5 * time.Second)
	signIn("back", "203.0.113.4", ok, ok, tooMany, tooMany)
	if log, back := first.Log.String(), "REDIS_URL: the server is back"; strings.Count(log, back) != 2 {
		t.Errorf("got %q in the log %d times, want %d:\n%s", back, strings.Count(log, back), 2, log)
	}
}
