package invitedguest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

// storeGuests stores count users and makes them guests of the event. Each takes about 400 bytes in JSON.
func storeGuests(t testing.TB, db *gorm.DB, eventID int64, count int) {
	t.Helper()
	people, guests, name := make([]users.User, count), make([]invitedguest.InvitedGuest, count), strings.Repeat("Ann ", 25)
	for i := range people {
		people[i] = users.User{Email: fmt.Sprintf("guest%d.%d@example.org", eventID, i), Firstname: name, Lastname: name,
			PrimaryLanguage: "en"}
	}
	if err := db.CreateInBatches(people, 1000).Error; err != nil {
		t.Fatal(err)
	}
	for i := range guests {
		guests[i] = invitedguest.InvitedGuest{
			EventID: eventID, UserID: people[i].ID, SearchKey: people[i].SearchKey, LastnameKey: people[i].LastnameKey,
			Role: "guest", Status: invitedguest.Invited,
		}
	}
	if err := db.CreateInBatches(guests, 1000).Error; err != nil {
		t.Fatal(err)
	}
}

// narrow is a listener whose connections buffer little of what a client has not read yet.
type narrow struct{ net.Listener }

const little = 64 << 10 // bytes, an eighth of a batch

// Accept implements net.Listener.
func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return conn, conn.(*net.TCPConn).SetWriteBuffer(little)
}

func listenNarrowly(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return narrow{listener}
}

// newStreamApp returns an application with an event that has several batches of guests.
func newStreamApp(t *testing.T) testApp {
	t.Helper()
	a := newTestApp(t)
	storeGuests(t, a.DB, a.event.ID, 4500)
	return a
}

// with returns the same application with other settings.
func (a testApp) with(change func(*app.Config)) testApp {
	config := a.Config
	change(&config)
	a.App = &apptest.App{App: app.New(config, a.DB, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now)), Clock: a.Clock,
		Log: a.Log}
	return a
}

// whole returns the complete response and a limit that is short, but long enough for one batch however busy the machine
// is.
func (a testApp) whole(t *testing.T) (body string, limit time.Duration) {
	t.Helper()
	begin := time.Now()
	response := a.call(t, http.MethodGet, a.listPath(), nil)
	if response.Status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", response.Status, response.Body)
	}
	return response.Body, 2*time.Second + 2*time.Since(begin)
}

// serve serves the application on a socket until the test ends. The channel receives a value whenever a request has
// been handled.
func (a testApp) serve(t *testing.T, writeTimeout time.Duration) (address string, answered <-chan struct{}) {
	t.Helper()
	done := make(chan struct{}, 10)
	server := &http.Server{WriteTimeout: writeTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { done <- struct{}{} }()
			a.ServeHTTP(w, r)
		})}
	listener := listenNarrowly(t)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String(), done
}

// ask requests the list and returns when the first byte of the body has arrived.
func (a testApp) ask(t *testing.T, address string) (net.Conn, io.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.(*net.TCPConn).SetReadBuffer(little); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", a.listPath(), a.admin.Token)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response, err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if _, err := io.CopyN(io.Discard, response.Body, 1); err != nil {
		t.Fatal(err)
	}
	return conn, response.Body
}

func (a testApp) listPath() string { return pathOf("invitedGuestList", "event_id", a.event.ID) }

// soon waits for something that must not wait for a limit; limits are a minute unless the test sets others.
func soon(t *testing.T, answered <-chan struct{}) {
	t.Helper()
	select {
	case <-answered:
	case <-time.After(45 * time.Second):
		t.Fatal("it has not ended within 45 seconds")
	}
}

// TestStreamOutlastsLimits checks that the whole list may take longer than the limits as long as no batch of it does.
func TestStreamOutlastsLimits(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t)
	want, limit := a.whole(t)
	a = a.with(func(c *app.Config) { c.RequestTimeout = limit })
	address, _ := a.serve(t, limit)
	_, body := a.ask(t, address)
	got := []byte("[")
	for range 8 {
		<-time.After(limit / 6) // the test is about the time that the client takes
		part, err := io.ReadAll(io.LimitReader(body, int64(len(want)/8)))
		if err != nil {
			t.Fatalf("after %d of %d bytes: %v", len(got)+len(part), len(want), err)
		}
		got = append(got, part...)
	}
	rest, err := io.ReadAll(body)
	if got = append(got, rest...); err != nil || string(got) != want {
		t.Errorf("got %d of %d bytes, or different ones: %v", len(got), len(want), err)
	}
}

// TestStreamCutsSilentClient checks that the server cuts off a client that stops reading in a batch after the first.
func TestStreamCutsSilentClient(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t)
	want, limit := a.whole(t)
	whole := int64(len(want))
	address, answered := a.serve(t, limit)
	_, body := a.ask(t, address)
	if _, err := io.CopyN(io.Discard, body, whole/2); err != nil {
		t.Fatal(err)
	}
	soon(t, answered)
	if !strings.Contains(a.Log.String(), "i/o timeout") {
		t.Error("the log does not say why the response ends")
	}
	if n, err := io.Copy(io.Discard, body); err == nil || 1+whole/2+n >= whole {
		t.Errorf("the response seems complete after %d of %d bytes: %v", 1+whole/2+n, whole, err)
	}
}

// TestStreamEndsWithClient checks that a request ends when the client goes away while the server waits for the next
// batch, and that the only connection to the database is free while the server waits for the client.
func TestStreamEndsWithClient(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t)
	pool, err := a.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	address, answered := a.serve(t, time.Minute)
	conn, body := a.ask(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
	defer cancel()
	held, err := pool.Conn(ctx)
	if err != nil {
		t.Fatalf("while the client reads nothing: %v", err)
	}
	waits := pool.Stats().WaitCount
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, body)
		read <- err
	}()
	for pool.Stats().WaitCount == waits && ctx.Err() == nil {
		runtime.Gosched()
	}
	if ctx.Err() != nil {
		t.Fatal("the server does not wait for the next batch")
	}
	_ = conn.Close()
	soon(t, answered)
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("the client got %v, want %v", err, net.ErrClosed)
	}
	if !strings.Contains(a.Log.String(), context.Canceled.Error()) {
		t.Error("the log does not say why the response ends")
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestStreamIsCutWithoutDatabase holds the only connection to the database, so that the next batch cannot be read in
// time, and checks that the client, which is still there, sees that the response is incomplete.
func TestStreamIsCutWithoutDatabase(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t)
	want, limit := a.whole(t)
	a = a.with(func(c *app.Config) { c.RequestTimeout = limit })
	pool, err := a.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	address, answered := a.serve(t, time.Minute)
	_, body := a.ask(t, address)
	held, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the response seems complete after %d of %d bytes: %v", n, len(want), err)
	}
	soon(t, answered)
	if !strings.Contains(a.Log.Warnings(), context.DeadlineExceeded.Error()) {
		t.Error("the log does not say why the response ends")
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestStreamEndsWithServer checks that a server that stops does not wait for a client that has stopped reading.
func TestStreamEndsWithServer(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t).with(func(c *app.Config) { c.ShutdownTimeout = time.Millisecond })
	listener := listenNarrowly(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan struct{}, 1)
	go func() {
		const want = "requests in progress"
		if err := a.Serve(ctx, listener); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		ended <- struct{}{}
	}()
	_, body := a.ask(t, listener.Addr().String())
	stop()
	soon(t, ended)
	if _, err := io.Copy(io.Discard, body); err == nil {
		t.Error("the response seems complete")
	}
}

// TestStreamHead checks that a HEAD request reads no more than the headers need.
func TestStreamHead(t *testing.T) {
	t.Parallel()
	a := newStreamApp(t)
	batches := func() int { return strings.Count(a.Log.String(), `"rows":1000,`) }
	before := batches()
	const mediaType = "application/json; charset=utf-8"
	if got := a.call(t, http.MethodHead, a.listPath(), nil); got.Status != http.StatusOK ||
		got.Header.Get("Content-Type") != mediaType {
		t.Errorf("got %d %v, want 200 and the Content-Type %q", got.Status, got.Header, mediaType)
	}
	if n := batches() - before; n != 1 {
		t.Errorf("%d batches were read, want 1", n)
	}
}
