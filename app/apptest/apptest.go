// Package apptest gives each test an application of its own, on an empty database with the whole schema, and what is
// needed to talk to it. Only tests import it.
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
	t     testing.TB // that it is made for; nil where a test has put it together
}

// Config returns the settings that New starts from.
func Config() app.Config {
	return app.Config{
		Debug:                   true,
		SecretKey:               []byte("a key for tests, of more than 32 bytes"),
		TokenLifetime:           14 * 24 * time.Hour,
		PasswordMinLength:       6,
		CodeLifetime:            24 * time.Hour,
		LimitFailedLogins:       1000,             // tests of other things do not meet the limits
		RequestTimeout:          10 * time.Minute, // however busy the machine is
		DeletedAccountRetention: 30 * 24 * time.Hour,
		ShutdownTimeout:         time.Minute,
		PublicURL:               "https://guestlist.example.org",
		MailFrom:                netmail.Address{Name: "Guestlist", Address: "guestlist@example.org"},
		Organisation:            organisation.Default("Guestlist", "https://guestlist.example.org", "guestlist@example.org"),
	}
}

// New returns an application on a database of its own. The changes, if any, are made to Config first. If the test
// fails, it shows what the application warned of.
func New(t testing.TB, changes ...func(*app.Config)) *App {
	t.Helper()
	return On(t, dbtest.URL(t), changes...)
}

// On is New on the database at address, which may have been another's before.
func On(t testing.TB, address string, changes ...func(*app.Config)) *App {
	t.Helper()
	config := Config()
	for _, change := range changes {
		change(&config)
	}
	clock := NewClock()
	log := &Log{}
	t.Cleanup(func() {
		if warnings := log.Warnings(); t.Failed() && warnings != "" {
			t.Log("the application warned:\n" + warnings)
		}
	})
	logger := logging.New(log, logging.Options{Level: slog.LevelDebug})
	db := open(t, address, database.Options{PoolSize: config.DatabasePoolSize, Logger: logger, Now: clock.Now})
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

// Database returns a database of its own with the whole schema.
func Database(t testing.TB, options database.Options) *gorm.DB {
	t.Helper()
	return open(t, dbtest.URL(t), options)
}

func open(t testing.TB, address string, options database.Options) *gorm.DB {
	t.Helper()
	db := dbtest.Open(t, address, options)
	dbtest.Upgrade(t, db)
	return db
}

// Request is what a client sends. Body is sent as it is when it is a string, else as JSON.
type Request struct {
	Method string
	Path   string
	Body   any
	Token  string // goes into the Authorization header as a Bearer token
	// more headers; Content-Type is application/json when there is a body and none is named, Accept asks for JSON
	Header map[string]string
}

// Response is what the client gets.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Send lets the application answer a request. It fails the test if the API's document does not have the response.
func (a *App) Send(t testing.TB, request Request) Response {
	t.Helper()
	return a.send(t, request.HTTP(t))
}

// SendHTTP is Send for a request that Request cannot say.
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

// ServeHTTP implements http.Handler, for servers of tests. Like Send, it fails the test if the API's document does not
// have the response.
func (a *App) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	seen := &seenWriter{ResponseWriter: w, status: http.StatusOK}
	a.App.ServeHTTP(seen, request) // a response that is cut panics
	check(a.t, request, Response{seen.status, w.Header(), seen.body.String()})
}

// seenWriter writes a response and keeps it.
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

// Flush implements http.Flusher, which Gin asks for.
func (s *seenWriter) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// Unwrap is how http.ResponseController gets at the connection.
func (s *seenWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// HTTP returns the request as net/http has it.
func (r Request) HTTP(t testing.TB) *http.Request {
	t.Helper()
	request := httptest.NewRequest(r.Method, r.Path, encode(t, r.Body))
	if r.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Accept", "application/json, text/plain, */*") // as the web client sends it
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

// Decode reads the body, a JSON object, into target and checks the status.
func (r Response) Decode(t testing.TB, status int, target any) {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d: %s", r.Status, status, r.Body)
	}
	if err := json.Unmarshal([]byte(r.Body), target); err != nil {
		t.Fatalf("%v in %s", err, r.Body)
	}
}

// Error is an error answer.
type Error struct {
	Message   string            `json:"message"`
	Type      string            `json:"type"`
	RequestID string            `json:"request_id"`
	Errors    map[string]string `json:"errors"`
	Events    []string          `json:"events"`
}

// Error reads the body as an error answer and checks its status and its type.
func (r Response) Error(t testing.TB, status int, kind string) Error {
	t.Helper()
	var got Error
	r.Decode(t, status, &got)
	if got.Type != kind || got.Message == "" || got.RequestID == "" || got.RequestID != r.Header.Get("X-Request-ID") {
		t.Errorf("got %s, want an error of type %s", r.Body, kind)
	}
	return got
}

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// NewClock returns a clock that shows noon of a winter's day.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}

// Log keeps what is written to it. It is safe for concurrent use.
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

// String returns all that was written.
func (l *Log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// Warnings returns the lines at the level of a warning or above.
func (l *Log) Warnings() string {
	var warnings strings.Builder
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, `"level":"WARN"`) || strings.Contains(line, `"level":"ERROR"`) {
			warnings.WriteString(line)
		}
	}
	return warnings.String()
}
