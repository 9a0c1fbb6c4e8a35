package utils

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/database"
	"guestlist/app/secrets"
	"guestlist/app/text"
)

// Gin's debug mode only prints, bypassing the log, and is global.
func init() { gin.SetMode(gin.ReleaseMode) }

// HandlerFunc handles a request: it writes the response, or returns an error and writes nothing.
type HandlerFunc func(*gin.Context) error

// Handler adapts a HandlerFunc to Gin: it renders a returned error from the catalogue, and notes it for the request's
// log line.
func Handler(handle HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := handle(c); err != nil {
			Fail(c, err)
		}
	}
}

// Endpoint returns the name of a handler: users.Register for guestlist/app/users.(*API).Register-fm.
func Endpoint(handle HandlerFunc) string {
	name := runtime.FuncForPC(reflect.ValueOf(handle).Pointer()).Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	pkg, _, _ := strings.Cut(name, ".")
	method := strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	return pkg + "." + method
}

// ErrorResponse is the body of every error response.
type ErrorResponse struct {
	Message   string            `json:"message"`
	Type      string            `json:"type"`
	RequestID string            `json:"request_id"`
	Errors    map[string]string `json:"errors,omitempty"`
	Events    []string          `json:"events,omitempty"` // see LastAdministrator
}

const checkSchemaKey = "check_schema"

// CheckSchema makes requests that fail with an unknown error call check. If check returns an error that is
// ErrSchemaOutdated, that becomes the response. PostgreSQL has an error code for a missing table, but SQLite does not,
// and an outdated schema causes other errors too.
func CheckSchema(check func(context.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) { c.Set(checkSchemaKey, check) }
}

// blameSchema returns err, wrapped with CheckSchema's error if an outdated schema is the reason.
func blameSchema(c *gin.Context, err error) error {
	value, _ := c.Get(checkSchemaKey)
	check, ok := value.(func(context.Context) error)
	if !ok {
		return err
	}
	if reason := check(c.Request.Context()); errors.Is(reason, ErrSchemaOutdated) {
		return fmt.Errorf("%w: %w", reason, err)
	}
	return err
}

// Fail renders err, aborts the chain of handlers, and notes err for the log.
func Fail(c *gin.Context, err error) {
	answer := catalogued(err)
	if answer == ErrInternal {
		err = blameSchema(c, err)
		answer = catalogued(err)
	}
	_ = c.Error(err)
	response := ErrorResponse{Type: answer.Type, RequestID: RequestID(c)}
	header := c.Writer.Header()
	response.describe(err, answer, header)
	switch answer.Status {
	case http.StatusUnauthorized:
		header["Www-Authenticate"] = bearer // a challenge is required: RFC 9110, 15.5.2
	case http.StatusRequestEntityTooLarge, http.StatusRequestTimeout:
		header.Set("Connection", "close") // the rest of the body is not worth reading
	}
	if failedOnPage(c, answer.Status) {
		c.Abort()
		return
	}
	c.Abort()
	response.write(c, answer.Status)
}

// The header values of every refusal. They are shared: do not change them.
var (
	bearer   = []string{"Bearer"}
	jsonBody = []string{"application/json; charset=utf-8"}
)

// describe adds what err has, in addition to the catalogue's entry, to the response and its header.
func (r *ErrorResponse) describe(err error, answer *Error, header http.Header) {
	r.Message, r.Events = message(err, answer), EventsOf(err)
	if fields, ok := errors.AsType[FieldErrors](err); ok {
		r.Errors = fields
	}
	if seconds := retryAfter(err, answer); seconds > 0 {
		header.Set("Retry-After", strconv.Itoa(seconds))
	}
	if u, ok := errors.AsType[unsupportedMediaError](err); ok {
		header.Set("Accept", strings.Join(u.wanted, ", ")) // RFC 9110, 15.5.16
	}
}

// write writes the response. Most have only three strings that need no escaping, which is fast.
func (r *ErrorResponse) write(c *gin.Context, status int) {
	plain := text.IsPlainJSON(r.Message) && text.IsPlainJSON(r.Type) && text.IsPlainJSON(r.RequestID)
	if !plain || len(r.Errors) > 0 || len(r.Events) > 0 {
		c.JSON(status, r)
		return
	}
	body := make([]byte, 0, 256)
	body = append(append(body, `{"message":"`...), r.Message...)
	body = append(append(body, `","type":"`...), r.Type...)
	body = append(append(body, `","request_id":"`...), r.RequestID...)
	body = append(body, `"}`...)
	header := c.Writer.Header()
	header["Content-Type"] = jsonBody
	if c.Request.Method == http.MethodHead { // for other methods, net/http sets the length
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	c.Status(status)
	if _, err := c.Writer.Write(body); err != nil {
		_ = c.Error(err)
	}
}

const failurePageKey = "failure_page"

// FailOnPage makes Fail call page for clients that accept HTML. It is for routes that people open in a browser.
func FailOnPage(page func(c *gin.Context, status int) error) gin.HandlerFunc {
	return func(c *gin.Context) { c.Set(failurePageKey, page) }
}

func failedOnPage(c *gin.Context, status int) bool {
	value, _ := c.Get(failurePageKey)
	page, ok := value.(func(*gin.Context, int) error)
	return ok && AsksFor(c, "text/html") && page(c, status) == nil
}

// catalogued returns the catalogue's entry for err.
func catalogued(err error) *Error {
	if errors.Is(err, context.Canceled) {
		return ErrClientGone
	}
	if answer, ok := errors.AsType[*Error](err); ok {
		return answer
	}
	if errors.Is(err, secrets.ErrBusy) {
		return ErrBusy
	}
	if database.Unavailable(err) {
		return ErrUnavailable
	}
	return ErrInternal
}
