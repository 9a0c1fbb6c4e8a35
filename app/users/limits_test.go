package users_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// login tries to sign in from a client address; an empty one is the tests' default.
func (a testApp) login(t *testing.T, email, password, client string) apptest.Response {
	t.Helper()
	request := apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/authenticate", Body: map[string]string{"email": email, "password": password},
		Header: map[string]string{"X-Request-ID": "fixed"},
	}.HTTP(t)
	if client != "" {
		request.RemoteAddr = client + ":4711"
	}
	return a.SendHTTP(request)
}

func fiveFailures(c *app.Config) { c.LimitFailedLogins = 5 }

// second returns another instance of the application on the same database.
func (a testApp) second() testApp {
	return testApp{&apptest.App{App: app.New(a.Config, a.DB, app.WithClock(a.Clock.Now)), Clock: a.Clock}}
}

// TestFailedLogins guesses the password of an account, of an unknown address and of an invalid one, through two
// instances. It checks that the responses are the same, and that a checked password costs one hash and a refused one
// none.
func TestFailedLogins(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures)
	a.Register(t, "ann@example.org")
	other := a.second()
	transcripts := map[string]string{}
	for _, email := range []string{"nobody@example.org", "no address", "ann@example.org"} {
		var transcript strings.Builder
		for i := range 8 {
			instance := []testApp{a, other}[i%2]
			before := instance.Passwords.Computed()
			response := instance.login(t, email, "a wrong one", "")
			fmt.Fprintln(&transcript, response.Status, response.Body, response.Header.Get("Retry-After"),
				instance.Passwords.Computed()-before)
		}
		a.Clock.Advance(time.Second)
		fmt.Fprintln(&transcript, a.login(t, email, "a wrong one", "").Status)
		transcripts[email] = transcript.String()
	}
	const refused = `401 {"message":"The email address or the password is wrong.","type":"INVALID_CREDENTIALS",` +
		`"request_id":"fixed"}  1`
	const limited = `429 {"message":"Too many attempts. The Retry-After header says when to try again.",` +
		`"type":"TOO_MANY_REQUESTS","request_id":"fixed"} 1 0`
	want := strings.Repeat(refused+"\n", 5) + strings.Repeat(limited+"\n", 3) + "401\n"
	for email, got := range transcripts {
		if got != want {
			t.Errorf("%s: got\n%swant\n%s", email, got, want)
		}
	}
	a.login(t, "ann@example.org", apptest.Password, "").Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	a.Clock.Advance(2 * time.Second)
	a.login(t, "ANN@example.org", apptest.Password, "").Decode(t, http.StatusOK, &apptest.User{})
}

func TestFailedLoginsAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures)
	a.Register(t, "ann@example.org")
	instances := []testApp{a, a.second()}
	statuses := make([]int, 20)
	before := instances[0].Passwords.Computed() + instances[1].Passwords.Computed()
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() { statuses[i] = instances[i%2].login(t, "ann@example.org", "a wrong one", "").Status })
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[http.StatusUnauthorized] != 5 || count[http.StatusTooManyRequests] != 15 {
		t.Errorf("got the statuses %v, want 401 5 times and 429 15 times", count)
	}
	if hashes := instances[0].Passwords.Computed() + instances[1].Passwords.Computed() - before; hashes != 5 {
		t.Errorf("got %d hashes, want 5", hashes)
	}
}

// TestStrangersCannotLockOut lets strangers in many networks fail. It checks that the owner can still sign in from the
// network of the registration.
func TestStrangersCannotLockOut(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.LimitFailedLogins = 1 })
	a.Register(t, "ann@example.org")
	for i := range 30 {
		a.login(t, "ann@example.org", "a wrong one", fmt.Sprintf("[2001:db8:0:%x::1]", i))
	}
	a.login(t, "ann@example.org", apptest.Password, "203.0.113.9").
		Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	a.login(t, "ann@example.org", apptest.Password, "").Decode(t, http.StatusOK, &apptest.User{})
}

// TestBusyIsNoFailure checks that attempts without a processor for hashing do not count as failures.
func TestBusyIsNoFailure(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures)
	busy := testApp{&apptest.App{App: app.New(a.Config, a.DB, app.WithPasswords(apptest.BusyPasswords(t)))}}
	for range 6 {
		busy.login(t, "ann@example.org", apptest.Password, "").Error(t, http.StatusServiceUnavailable, "BUSY")
	}
}

// TestGivingUpIsNoFailure checks that a request to change the password that ends while its current password waits to be
// hashed does not count as a wrong one.
func TestGivingUpIsNoFailure(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures)
	user := a.Register(t, "ann@example.org")
	passwords := secrets.NewPasswords(0)
	waiting := &apptest.App{App: app.New(a.Config, a.DB, app.WithPasswords(passwords), app.WithClock(a.Clock.Now))}
	for range 6 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan apptest.Response, 1)
		go func() {
			done <- waiting.SendHTTP(apptest.Request{Method: http.MethodPut, Path: "/api/v1/user", Token: user.Token,
				Body: `{"password":"my own","current_password":"a wrong one"}`}.HTTP(t).WithContext(ctx))
		}()
		for passwords.Stats().Waiting == 0 {
			select {
			case got := <-done:
				t.Fatalf("got %d %s, want a request that waits for the hash", got.Status, got.Body)
			default:
				runtime.Gosched()
			}
		}
		cancel()
		<-done
	}
	a.login(t, "ann@example.org", apptest.Password, "203.0.113.9").Decode(t, http.StatusOK, &apptest.User{})
}

func TestClientLimits(t *testing.T) {
	t.Parallel()
	rate := limits.Rate{Count: 2, Per: 3 * time.Minute}
	a := newTestApp(t, func(c *app.Config) { c.LimitLogin, c.LimitRegister = rate, rate })
	for _, path := range []string{"/api/v1/user", "/api/v1/authenticate"} {
		for range 2 {
			a.post(t, path, `{}`).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		}
		response := a.post(t, path, `not even JSON`)
		response.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
		if got, want := response.Header.Get("Retry-After"), "90"; got != want {
			t.Errorf("%s: Retry-After: got %q, want %q", path, got, want)
		}
	}
	if status := a.read(t, "").Status; status != http.StatusUnauthorized {
		t.Errorf("a route without a limit: got %d, want 401", status)
	}
	a.Clock.Advance(90*time.Second - time.Millisecond)
	if got, want := a.post(t, "/api/v1/user", `{}`).Header.Get("Retry-After"), "1"; got != want {
		t.Errorf("Retry-After: got %q, want %q", got, want)
	}
	a.Clock.Advance(time.Millisecond)
	a.post(t, "/api/v1/user", `{}`).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
}

// TestAuditEvents checks the events about an account, and when they are deleted.
func TestAuditEvents(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, fiveFailures, func(c *app.Config) { c.AuditRetention = 24 * time.Hour })
	ann := a.Register(t, "ann@example.org")
	a.login(t, "ann@example.org", apptest.Password, "203.0.113.9")
	for range 10 {
		a.login(t, "ann@example.org", "canary", "203.0.113.9")
		a.login(t, "canary@example.org", "canary", "[2001:db8::1]")
	}
	id := fmt.Sprint(ann.ID)
	refused := "sign_in_refused " + id + " - 203.0.113.9"
	nobodys := "sign_in_refused - - 2001:db8::1"
	want := []string{"registered " + id + " " + id + " 192.0.2.1", "signed_in " + id + " " + id + " 203.0.113.9"}
	for range 4 {
		want = append(want, refused, nobodys)
	}
	want = append(want, "sign_in_limited "+id+` - 203.0.113.9 {"delay":"1s"}`,
		`sign_in_limited - - 2001:db8::1 {"delay":"1s"}`)
	a.expectEvents(t, want)
	a.Clock.Advance(audit.KeepAnonymous)
	if err := a.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.expectEvents(t, append(want[:2], refused, refused, refused, refused, want[10]))
	a.Clock.Advance(24 * time.Hour)
	if err := a.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.expectEvents(t, nil)
}

func (a testApp) expectEvents(t *testing.T, want []string) {
	t.Helper()
	events, err := audit.Find(t.Context(), a.DB, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		text := fmt.Sprintf("%s %s %s %s %s", e.Kind, idText(e.UserID), idText(e.ActorID), e.Address, e.Detail)
		got = append(got, strings.TrimSpace(text))
		if e.RequestID == "" {
			t.Errorf("the event lacks the ID of its request: %+v", e)
		}
		if strings.Contains(text, "canary") {
			t.Errorf("the event shows what was typed: %+v", e)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func idText(id *int64) string {
	if id == nil {
		return "-"
	}
	return fmt.Sprint(*id)
}

// TestMailsToOneAddress checks that the rate of mails of one kind to one address is limited, and that exactly one of
// the mailed codes is valid.
func TestMailsToOneAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.LimitMailPerAddress = limits.Rate{Count: 3, Per: time.Hour} })
	a.Register(t, "ann@example.org")
	a.Register(t, "bob@example.org")
	a.Mails(t)
	ask := func(times int, email string) []mail.Envelope {
		for range times {
			response := a.post(t, "/api/v1/password-reset/request", `{"email":"`+email+`"}`)
			if response.Status != http.StatusCreated || response.Body != "{}" {
				t.Fatalf("got %d %s, want 201 {}", response.Status, response.Body)
			}
		}
		return a.Mails(t)
	}
	sent := ask(20, "ann@example.org") // composed eight at a time
	if len(sent) != 3 {
		t.Fatalf("got %d mails, want 3", len(sent))
	}
	if more := ask(1, "ann@example.org"); len(more) != 0 {
		t.Errorf("got %d more mails, want none", len(more))
	}
	if others := ask(1, "bob@example.org"); len(others) != 1 {
		t.Errorf("got %d mails to another address, want 1", len(others))
	}
	a.get(t, "/api/v1/resend-verification-email?email=ann@example.org")
	if others := a.Mails(t); len(others) != 1 {
		t.Errorf("got %d mails of another kind, want 1", len(others))
	}
	good := 0
	for _, m := range sent {
		if a.confirm(t, mailedCode(t, m.Content.Text), "another one").Status == http.StatusCreated {
			good++
		}
	}
	if good != 1 {
		t.Errorf("got %d valid codes, want 1", good)
	}
	a.Clock.Advance(time.Hour)
	if later := ask(5, "ann@example.org"); len(later) != 3 {
		t.Errorf("got %d mails an hour later, want 3", len(later))
	}
}
