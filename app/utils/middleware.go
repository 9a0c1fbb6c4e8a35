package utils

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	requestIDHeader = "X-Request-ID"
	requestIDKey    = "request_id"
	userIDKey       = "user_id"
	maxRequestID    = 64
)

// requestIDField is the header's name in net/http's form, so that no request needs to convert it.
var requestIDField = http.CanonicalHeaderKey(requestIDHeader)

// RequestID returns the id of the request, set by AssignRequestID.
func RequestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// LogUser adds the user's id to the request's log line.
func LogUser(c *gin.Context, id int64) { c.Set(userIDKey, id) }

// Client returns the client's network address, from the connection or from a trusted proxy. It is invalid if there is
// no address.
func Client(c *gin.Context) netip.Addr {
	address, _ := netip.ParseAddr(c.ClientIP()) // Gin has parsed it
	return address.Unmap()
}

// AssignRequestID gives each request an id, which its response, error and log line contain. It keeps a client's or
// proxy's own id if that is well-formed; anything else could forge log lines.
func AssignRequestID(c *gin.Context) {
	id := c.GetHeader(requestIDField)
	if !wellFormedID(id) {
		id = newRequestID()
	}
	c.Set(requestIDKey, id)
	c.Writer.Header()[requestIDField] = []string{id}
}

// newRequestID returns 128 random bits as text. Nothing depends on their secrecy, so they need not come from
// crypto/rand.
func newRequestID() string {
	var random [16]byte
	binary.NativeEndian.PutUint64(random[:8], rand.Uint64()) //nolint:gosec // see above
	binary.NativeEndian.PutUint64(random[8:], rand.Uint64()) //nolint:gosec // see above
	return hex.EncodeToString(random[:])
}

func wellFormedID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, b := range []byte(id) {
		letter := 'a' <= b|0x20 && b|0x20 <= 'z'
		if !letter && (b < '0' || b > '9') && b != '-' && b != '_' && b != '.' {
			return false
		}
	}
	return true
}

// secureHeaders are those that OWASP's REST Security Cheat Sheet requires of every API response. Browsers ignore
// Strict-Transport-Security without TLS. All responses share the values, so do not change them.
var secureHeaders = http.Header{
	"Cache-Control":             {"no-store"},
	"Content-Security-Policy":   {"default-src 'none'; frame-ancestors 'none'"},
	"Referrer-Policy":           {"no-referrer"},
	"Strict-Transport-Security": {"max-age=31536000"},
	"X-Content-Type-Options":    {"nosniff"},
	"X-Frame-Options":           {"DENY"},
}

// SecureHeaders sets headers that keep browsers from caching, sniffing, framing or executing responses.
func SecureHeaders(c *gin.Context) { maps.Copy(c.Writer.Header(), secureHeaders) }

// CloseChunked closes the connection after a request with a Transfer-Encoding. If it also had a Content-Length, a proxy
// may have seen two requests in it, and the connection must be closed (RFC 9112, 6.1); net/http drops the
// Content-Length before handlers can see it.
func CloseChunked(c *gin.Context) {
	if len(c.Request.TransferEncoding) > 0 {
		c.Header("Connection", "close")
	}
}

// Recover responds to a panic with ErrInternal and logs its stack. If the response has begun, it closes the connection
// instead, so that a partial response cannot pass as a complete one.
func Recover(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			switch reason := recover(); {
			case reason == nil:
			case reason == any(http.ErrAbortHandler) || c.Writer.Written():
				panic(http.ErrAbortHandler)
			default:
				log.ErrorContext(c.Request.Context(), "panic", "request_id", RequestID(c),
					"reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
				Fail(c, ErrInternal)
			}
		}()
		c.Next()
	}
}

// LogRequests logs one line for each finished request. It contains the route, not the path or the query, which may
// contain codes, and identifies the client only by network address and user id.
func LogRequests(log *slog.Logger, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		begin := now()
		defer func() {
			end := now()
			level := requestLevel(c)
			if ctx := c.Request.Context(); log.Enabled(ctx, level) {
				record := slog.NewRecord(end, level, "request", 0) // 0: no source position, which costs more than the line
				addRequest(&record, c, end.Sub(begin))
				_ = log.Handler().Handle(ctx, record)
			}
		}()
		c.Next()
	}
}

// requestLevel returns the level of a request's log line. Error is for what someone has to look into. Expected refusals
// are lower: a flood of sign-ins, or a load balancer's checks during shutdown.
func requestLevel(c *gin.Context) slog.Level {
	var err error
	if last := c.Errors.Last(); last != nil {
		err = last.Err
	}
	switch status := c.Writer.Status(); {
	case status < http.StatusBadRequest && err != nil: // the response was sent, at least in part
		return slog.LevelWarn
	case status < http.StatusInternalServerError, errors.Is(err, ErrShuttingDown):
		return slog.LevelInfo
	case catalogued(err) == ErrBusy:
		return slog.LevelWarn
	}
	return slog.LevelError
}

// RequestObserver observes every finished request. method is a known method or OtherMethod; route is the pattern in the
// URL map, or empty if none matched.
type RequestObserver interface {
	ObserveRequest(method, route string, status int, elapsed time.Duration)
}

// ObserveRequests reports every request to observer.
func ObserveRequests(observer RequestObserver, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		begin := now()
		defer func() {
			observer.ObserveRequest(KnownMethod(c.Request.Method), c.FullPath(), c.Writer.Status(), now().Sub(begin))
		}()
		c.Next()
	}
}

// addRequest adds the attributes of the request to its log line.
func addRequest(record *slog.Record, c *gin.Context, elapsed time.Duration) {
	attrs := append(make([]slog.Attr, 0, 9),
		slog.String(requestIDKey, RequestID(c)),
		slog.String("method", KnownMethod(c.Request.Method)),
		slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()),
		slog.Int("bytes", max(0, c.Writer.Size())),
		slog.Duration("duration", elapsed),
		slog.String("client", Client(c).String()),
	)
	if id := c.GetInt64(userIDKey); id != 0 {
		attrs = append(attrs, slog.Int64(userIDKey, id))
	}
	if err := c.Errors.Last(); err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	record.AddAttrs(attrs...)
}

// OtherMethod is KnownMethod's result for unknown methods.
const OtherMethod = "other"

// KnownMethod returns method if it is a standard one, else OtherMethod. It keeps arbitrary input out of log, metrics
// and traces.
func KnownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}
	return OtherMethod
}
