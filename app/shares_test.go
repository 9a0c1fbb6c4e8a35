package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"guestlist/app"
)

// TestSharesOfNetworks checks that clients of other networks can sign in and register while one network floods the
// server over 100 connections, each of which sends the next request as soon as the last one has a response.
func TestSharesOfNetworks(t *testing.T) {
	t.Parallel()
	proxied := func(c *app.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}
	address, _, _, _ := serve(t, proxied)
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	t.Cleanup(client.CloseIdleConnections)
	if status := post(t.Context(), t, client, address, "/api/v1/user", 0, from(0)); status != http.StatusCreated {
		t.Fatalf("registering: got %d, want %d", status, http.StatusCreated)
	}
	var refused atomic.Int64
	full := make(chan struct{})
	for i := range 100 {
		group.Go(func() {
			paths := []string{"/api/v1/authenticate", "/api/v1/user"}
			for n := 0; ctx.Err() == nil; n++ {
				status := post(ctx, t, client, address, paths[i%2], 1000+100*n+i, "203.0.113.9")
				if status == http.StatusServiceUnavailable && refused.Add(1) == 1 {
					close(full)
				}
			}
		})
	}
	<-full
	for i := range 12 {
		if status := post(t.Context(), t, client, address, "/api/v1/authenticate", 0, from(i)); status != http.StatusOK {
			t.Errorf("signing in from elsewhere: got %d, want %d", status, http.StatusOK)
		}
	}
	if status := post(t.Context(), t, client, address, "/api/v1/user", 1, from(1)); status != http.StatusCreated {
		t.Errorf("registering from elsewhere: got %d, want %d", status, http.StatusCreated)
	}
}

// from returns an address of the nth network.
func from(n int) string { return fmt.Sprintf("2001:db8:0:%x::1", n) }

// post sends the address and the password of the nth guest from a network, and returns the status, or 0 once ctx has
// ended.
func post(ctx context.Context, t *testing.T, client *http.Client, address, path string, n int, network string) int {
	t.Helper()
	body := strings.NewReader(fmt.Sprintf(`{"email":"guest%d@example.org","password":"123456"}`, n))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+path, body)
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-For", network)
	response, err := client.Do(request)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}
