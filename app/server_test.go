package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// serve runs an application on a free port. Calling stop ends it; wait returns its result.
func serve(t *testing.T, change func(*app.Config)) (address string, stop context.CancelFunc, wait func() error,
	listener net.Listener) {
	t.Helper()
	a := apptest.New(t, change)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- a.Serve(ctx, listener) }()
	t.Cleanup(stop)
	return listener.Addr().String(), stop, func() error { return <-result }, listener
}

const halfBody, otherHalf = `{"email":"ann@example.org",`, `"password":"123456"}`

// inFlight begins a request and returns when its handler waits for the rest of the body.
func inFlight(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprintf(conn,
		"POST /api/v1/authenticate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
			"Expect: 100-continue\r\n\r\n", len(halfBody)+len(otherHalf))
	reader := bufio.NewReader(conn)
	want := "100 Continue"
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, want) {
		t.Fatalf("got %q, %v; want %q, no error", line, err, want)
	}
	if _, err := reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, halfBody)
	return conn, reader
}

// untilClosed returns when the address no longer accepts connections.
func untilClosed(t *testing.T, address string) {
	t.Helper()
	until(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
}

// until returns when the condition holds, or fails the test after a minute.
func until(t *testing.T, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !condition() {
		if ctx.Err() != nil {
			t.Fatal("the condition does not hold within a minute")
		}
	}
}

func TestServeFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	address, stop, wait, _ := serve(t, func(*app.Config) {})
	conn, reader := inFlight(t, address)
	stop()
	untilClosed(t, address)
	fmt.Fprint(conn, otherHalf)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s, want %d", response.Status, http.StatusUnauthorized)
	}
	if err := wait(); err != nil {
		t.Error(err)
	}
}

func TestServeGivesUpOnWhatNeverEnds(t *testing.T) {
	t.Parallel()
	address, stop, wait, _ := serve(t, func(c *app.Config) { c.ShutdownTimeout = time.Millisecond })
	inFlight(t, address)
	stop()
	if err, want := wait(), "in progress"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an error with %q", err, want)
	}
}

func TestServeSaysThatItEnds(t *testing.T) {
	t.Parallel()
	address, stop, wait, listener := serve(t, func(c *app.Config) { c.ShutdownDelay = time.Hour })
	if status := get(t, address, "/readyz"); status != http.StatusOK {
		t.Fatalf("/readyz: got %d, want %d", status, http.StatusOK)
	}
	stop()
	until(t, func() bool { return get(t, address, "/readyz") == http.StatusServiceUnavailable })
	if status := get(t, address, "/healthz"); status != http.StatusOK {
		t.Errorf("a request during the delay: got %d, want %d", status, http.StatusOK)
	}
	_ = listener.Close() // instead of waiting for an hour
	if err := wait(); err == nil {
		t.Error("got no error for a broken listener")
	}
}

func get(t *testing.T, address, path string) int {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestServeSendsMails checks that mails are sent while the application serves, and not afterwards.
func TestServeSendsMails(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.Outbox.Compose("greeting", func(context.Context, *gorm.DB, mail.Message) (mail.Content, error) {
		return mail.Content{Subject: "Hello", Text: "Hello"}, nil
	})
	ask := func() {
		request := mail.Request{Kind: "greeting", Recipient: "ann@example.org", Language: "en"}
		if err := a.Outbox.Enqueue(t.Context(), a.DB, request); err != nil {
			t.Fatal(err)
		}
		a.Outbox.Wake()
	}
	pending := func() (count int64) {
		if err := a.DB.Model(&mail.Message{}).Where("state = ?", mail.Pending).Count(&count).Error; err != nil {
			t.Fatal(err)
		}
		return count
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	result := make(chan error, 1)
	go func() { result <- a.Serve(ctx, listener) }()
	ask()
	until(t, func() bool { return pending() == 0 })
	stop()
	if err := <-result; err != nil {
		t.Error(err)
	}
	ask()
	if got := pending(); got != 1 {
		t.Errorf("after the end: %d mails are pending, want %d", got, 1)
	}
	if sent := a.Mails(t); len(sent) != 2 {
		t.Errorf("got %d mails, want %d", len(sent), 2)
	}
}

func TestServeLimitsHeaders(t *testing.T) {
	t.Parallel()
	address, _, _, _ := serve(t, func(*app.Config) {})
	request, err := http.NewRequest(http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Large", strings.Repeat("x", 1<<20))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %s, want %d", response.Status, http.StatusRequestHeaderFieldsTooLarge)
	}
}

// TestServeClosesAmbiguousConnections checks that the server closes a connection after a chunked request, with or
// without a second length, rather than reading the request behind it.
func TestServeClosesAmbiguousConnections(t *testing.T) {
	t.Parallel()
	address, _, _, _ := serve(t, func(*app.Config) {})
	for headers, answers := range map[string]int{
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n": 1,
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n": 1,
		"Transfer-Encoding: chunked\r\n":                      1,
		"Content-Length: 5\r\n":                               2,
	} {
		for _, path := range []string{"/api/v1/authenticate", "/api/v1/user", "/nothing", "/healthz"} {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			const behind = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n0\r\n\r\n%s", path, headers, behind)
			all, err := io.ReadAll(conn)
			_ = conn.Close()
			if got := strings.Count(string(all), "HTTP/1.1 "); got != answers || err != nil {
				t.Errorf("%q to %s: got %d responses, %v, want %d:\n%s", headers, path, got, err, answers, all)
			}
		}
	}
}

func TestCheckReady(t *testing.T) {
	t.Parallel()
	address, _, _, listener := serve(t, func(*app.Config) {})
	port := listener.Addr().(*net.TCPAddr).Port
	for _, host := range []string{"127.0.0.1", "0.0.0.0", "localhost"} {
		if err := app.CheckReady(t.Context(), host, port); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	_ = listener.Close()
	untilClosed(t, address)
	if err := app.CheckReady(t.Context(), "127.0.0.1", port); err == nil {
		t.Error("got no error from a server that is gone")
	}
}
