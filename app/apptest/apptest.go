// Package apptest gives each test its own application, on an empty database with the current schema, and helpers to
// send requests to it. Only tests import it.
package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/logging"
	"guestlist/app/organisation"
)

// App is an application under test.
type App struct {
	*app.App
	Clock  *Clock
	Logger *slog.Logger // writes to Log
	Log    *Log

	mails *recorder
	t     testing.TB // the test it was made for; nil if a test has assembled it
}

// Config returns the settings that New starts from.
func Config() app.Config {
	return app.Config{
		Debug:                   true,
		SecretKey:               []byte("a key for tests, of more than 32 bytes"),
		TokenLifetime:           14 * 24 * time.Hour,
		PasswordMinLength:       6,
		CodeLifetime:            24 * time.Hour,
		LimitFailedLogins:       1000,             // high, so that other tests do not reach it
		RequestTimeout:          10 * time.Minute, // enough on a busy machine
		DeletedAccountRetention: 30 * 24 * time.Hour,
		ShutdownTimeout:         time.Minute,
		PublicURL:               "https://guestlist.example.org",
		MailFrom:                netmail.Address{Name: "Guestlist", Address: "guestlist@example.org"},
		Organisation:            organisation.Default("Guestlist", "https://guestlist.example.org", "guestlist@example.org"),
	}
}

// New returns an application on its own database, with changes applied to Config. If the test fails, it logs the
// application's warnings.
func New(t testing.TB, changes ...func(*app.Config)) *App {
	t.Helper()
	return on(t, dbtest.SchemaURL(t), changes)
}

// On is New on the database at address, which may be empty, or have been used by another application.
func On(t testing.TB, address string, changes ...func(*app.Config)) *App {
	t.Helper()
	dbtest.UpgradeAt(t, address)
	return on(t, address, changes)
}

func on(t testing.TB, address string, changes []func(*app.Config)) *App {
	t.Helper()
	config := Config()
	for _, change := range changes {
		change(&config)
	}
	clock := NewClock()
	log := &Log{}
	t.Cleanup(func() {
		if warnings := log.Warnings(); t.Failed() && warnings != "" {
			t.Log("the application's warnings:\n" + warnings)
		}
	})
	logger := logging.New(log, logging.Options{Level: slog.LevelDebug})
	db := dbtest.Open(t, address, database.Options{PoolSize: config.DatabasePoolSize, Logger: logger, Now: clock.Now})
	mails := &recorder{}
	return &App{
		App:    app.New(config, db, app.WithLogger(logger), app.WithClock(clock.Now), app.WithTransport(mails)),
		Clock:  clock,
		Logger: logger,
		Log:    log,
		mails:  mails,
		t:      t,
	}
}

// Database returns a new database with the current schema.
func Database(t testing.TB, options database.Options) *gorm.DB {
	t.Helper()
	return dbtest.Open(t, dbtest.SchemaURL(t), options)
}

// Request is a request to the application. A Body that is a string is sent unchanged, anything else as JSON.
type Request struct {
	Method string
	Path   string
	Body   any
	Token  string // for the Authorization header, as a Bearer token
	// more headers; by default, Content-Type is application/json if there is a body, and Accept is JSON
	Header map[string]string
}

// Response is the application's response.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Send sends a request and returns the response. It fails the test if the response does not match the OpenAPI document.
func (a *App) Send(t testing.TB, request Request) Response {
	t.Helper()
	return a.send(t, request.HTTP(t))
}

// SendHTTP is Send for an http.Request.
func (a *App) SendHTTP(request *http.Request) Response { return a.send(a.t, request) }

func (a *App) send(t testing.TB, request *http.Request) Response {
	recorder := httptest.NewRecorder()
	a.App.ServeHTTP(recorder, request)
	response := Response{recorder.Code, recorder.Header(), recorder.Body.String()}
	if t != nil {
		t.Helper()
	}
	check(t, request, response)
	return response
}

// ServeHTTP implements http.Handler, for test servers. Like Send, it fails the test if the response does not match the
// OpenAPI document.
func (a *App) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	seen := &seenWriter{ResponseWriter: w, status: http.StatusOK}
	a.App.ServeHTTP(seen, request) // an aborted response panics
	check(a.t, request, Response{seen.status, w.Header(), seen.body.String()})
}

// seenWriter writes a response and keeps a copy.
type seenWriter struct {
	http.ResponseWriter

	status int
	body   strings.Builder
}

// WriteHeader implements http.ResponseWriter.
func (s *seenWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (s *seenWriter) Write(data []byte) (int, error) {
	_, _ = s.body.Write(data) // never fails
	return s.ResponseWriter.Write(data)
}

// Flush implements http.Flusher, which Gin requires.
func (s *seenWriter) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// Unwrap gives http.ResponseController access to the connection.
func (s *seenWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// HTTP returns the request as an http.Request.
func (r Request) HTTP(t testing.TB) *http.Request {
	t.Helper()
	request := httptest.NewRequest(r.Method, r.Path, encode(t, r.Body))
	if r.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Accept", "application/json, text/plain, */*") // like the web client
	if r.Token != "" {
		request.Header.Set("Authorization", "Bearer "+r.Token)
	}
	for name, value := range r.Header {
		request.Header.Set(name, value)
	}
	return request
}

func encode(t testing.TB, body any) io.Reader {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return http.NoBody
	case string:
		return strings.NewReader(body)
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(data)
}

// Decode checks the status and decodes the body, a JSON object, into target.
func (r Response) Decode(t testing.TB, status int, target any) {
	t.Helper()
	if r.Status != status {
		t.Fatalf("got status %d, want %d: %s", r.Status, status, r.Body)
	}
	if err := json.Unmarshal([]byte(r.Body), target); err != nil {
		t.Fatalf("got %s, want JSON for %T: %v", r.Body, target, err)
	}
}

// Error is an error response.
type Error struct {
	Message   string            `json:"message"`
	Type      string            `json:"type"`
	RequestID string            `json:"request_id"`
	Errors    map[string]string `json:"errors"`
	Events    []string          `json:"events"`
}

// Error decodes an error response and checks its status, type and request id.
func (r Response) Error(t testing.TB, status int, kind string) Error {
	t.Helper()
	var got Error
	r.Decode(t, status, &got)
	if got.Type != kind || got.Message == "" || got.RequestID == "" || got.RequestID != r.Header.Get("X-Request-ID") {
		t.Errorf("got %s, want an error of type %s with the request id %s", r.Body, kind, r.Header.Get("X-Request-ID"))
	}
	return got
}

// Clock is a clock that only Advance moves.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// NewClock returns a clock at noon on 3 February 2026, UTC.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}

// Log keeps everything written to it. It is safe for concurrent use.
type Log struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(line)
}

// String returns everything written so far.
func (l *Log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// Warnings returns the lines at level WARN and above.
func (l *Log) Warnings() string {
	var warnings strings.Builder
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, `"level":"WARN"`) || strings.Contains(line, `"level":"ERROR"`) {
			warnings.WriteString(line)
		}
	}
	return warnings.String()
}
