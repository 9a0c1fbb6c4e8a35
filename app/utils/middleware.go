package utils

import (
	"context"
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
	requestIDField  = "X-Request-Id" // the same as net/http has it, which would rewrite the other for each request
	requestIDKey    = "request_id"
	userIDKey       = "user_id"
	renewKey        = "renew"
	maxRequestID    = 64
)

// RequestID returns the id of the request: the one it came with, or a new one.
func RequestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// LogUser notes whose request it is for the request's line in the log.
func LogUser(c *gin.Context, id int64) { c.Set(userIDKey, id) }

// Client returns the client's network address: the connection's, or what a trusted proxy says. It is not valid where
// there is no address.
func Client(c *gin.Context) netip.Addr {
	address, _ := netip.ParseAddr(c.ClientIP()) // Gin has parsed it
	return address.Unmap()
}

// AssignRequestID gives each request an id, which the answer, its error and the log carry. A client's or proxy's own
// is taken over if it is well-formed; anything else could forge lines in a log.
func AssignRequestID(c *gin.Context) {
	id := c.GetHeader(requestIDField)
	if !wellFormedID(id) {
		id = newRequestID()
	}
	c.Set(requestIDKey, id)
	c.Writer.Header()[requestIDField] = []string{id}
}

// newRequestID returns 128 random bits as text. Nobody gains by guessing one, so that it need not be the system that is
// asked for each.
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

// secureHeaders is what OWASP's REST Security Cheat Sheet asks of every answer of an API. Browsers heed the one about
// transport only over TLS. The values are shared by all answers and must not be changed.
var secureHeaders = http.Header{
	"Cache-Control":             {"no-store"},
	"Content-Security-Policy":   {"default-src 'none'; frame-ancestors 'none'"},
	"Referrer-Policy":           {"no-referrer"},
	"Strict-Transport-Security": {"max-age=31536000"},
	"X-Content-Type-Options":    {"nosniff"},
	"X-Frame-Options":           {"DENY"},
}

// SecureHeaders sets the headers that keep browsers from doing more with an answer than reading it.
func SecureHeaders(c *gin.Context) { maps.Copy(c.Writer.Header(), secureHeaders) }

// CloseChunked closes the connection after a request with a Transfer-Encoding. If it also has a Content-Length, another
// server on the way may have seen two requests in it, and the connection must be closed (RFC 9112, 6.1); net/http drops
// that length before anybody can see it.
func CloseChunked(c *gin.Context) {
	if len(c.Request.TransferEncoding) > 0 {
		c.Header("Connection", "close")
	}
}

// Deadline ends what a request waits for (a database connection, a turn to hash a password) after limit; it is then
// answered as unavailable. Renew grants the limit again.
func Deadline(limit time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		client := c.Request.Context() // ends when the client goes away
		ctx, cancel := context.WithTimeout(client, limit)
		defer cancel()
		c.Set(renewKey, func() (context.Context, context.CancelFunc) { return context.WithTimeout(client, limit) })
		c.Request = c.Request.WithContext(ctx)
		c.Next()
	}
}

// Renew gives a request whose answer goes out in parts the time for another part that it had for the first: Deadline's
// limit to wait for the database, on the context that it returns, and the server's WriteTimeout, from now on, in which
// the client has to take the part. So an answer may take long as a whole, but a client that is silent or too slow is
// still cut off, and one that goes away ends the context.
func Renew(c *gin.Context) (context.Context, context.CancelFunc) {
	server, ok := c.Request.Context().Value(http.ServerContextKey).(*http.Server)
	if ok && server.WriteTimeout > 0 {
		// An error means that the connection is gone, which the next write says too.
		_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(server.WriteTimeout))
	}
	renew, _ := c.MustGet(renewKey).(func() (context.Context, context.CancelFunc)) // it is Deadline's
	return renew()
}

// Recover answers a panic with ErrInternal and logs its stack. If an answer has begun, the connection is cut instead,
// so that half an answer cannot pass as a whole one.
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

// LogRequests writes one line for each request when it is answered. It holds the route, not the path or the query,
// which may carry codes; and of the client only the network address and the user's id.
func LogRequests(log *slog.Logger, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		begin := now()
		defer func() {
			end := now()
			level := requestLevel(c)
			if ctx := c.Request.Context(); log.Enabled(ctx, level) {
				record := slog.NewRecord(end, level, "request", 0) // 0: finding out who called costs more than the line
				addRequest(&record, c, end.Sub(begin))
				_ = log.Handler().Handle(ctx, record)
			}
		}()
		c.Next()
	}
}

// requestLevel is the level of a request's line. An error is what somebody has to look into, which the refusals that
// the program is made for are not: a flood of people who sign in, and the checks of a load balancer at the end.
func requestLevel(c *gin.Context) slog.Level {
	var err error
	if last := c.Errors.Last(); last != nil {
		err = last.Err
	}
	switch status := c.Writer.Status(); {
	case status < http.StatusBadRequest && err != nil: // an answer that went out, or half of it, all the same
		return slog.LevelWarn
	case status < http.StatusInternalServerError, errors.Is(err, ErrShuttingDown):
		return slog.LevelInfo
	case catalogued(err) == ErrBusy:
		return slog.LevelWarn
	}
	return slog.LevelError
}

// RequestObserver is told of every request when it is answered. method is one that the program knows, or "other"; route
// is the pattern in the URL map, empty where there is none.
type RequestObserver interface {
	ObserveRequest(method, route string, status int, elapsed time.Duration)
}

// ObserveRequests tells observer of every request.
func ObserveRequests(observer RequestObserver, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		begin := now()
		defer func() {
			observer.ObserveRequest(KnownMethod(c.Request.Method), c.FullPath(), c.Writer.Status(), now().Sub(begin))
		}()
		c.Next()
	}
}

// addRequest adds what the line says of the request.
func addRequest(record *slog.Record, c *gin.Context, elapsed time.Duration) {
	attrs := [...]slog.Attr{ // with room for two more
		slog.String(requestIDKey, RequestID(c)),
		slog.String("method", KnownMethod(c.Request.Method)),
		slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()),
		slog.Int("bytes", max(0, c.Writer.Size())),
		slog.Duration("duration", elapsed),
		slog.String("client", Client(c).String()),
		{}, {},
	}
	n := len(attrs) - 2
	if id := c.GetInt64(userIDKey); id != 0 {
		attrs[n] = slog.Int64(userIDKey, id)
		n++
	}
	if err := c.Errors.Last(); err != nil {
		attrs[n] = slog.String("error", err.Error())
		n++
	}
	record.AddAttrs(attrs[:n]...)
}

// OtherMethod is what KnownMethod returns for all that it does not know.
const OtherMethod = "other"

// KnownMethod keeps a client's own words out of the log, the metrics and the traces.
func KnownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}
	return OtherMethod
}
