package utils

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

const renewKey = "renew"

// Deadline limits how long a request may wait (for a database connection, or a turn to hash a password); after that it
// gets ErrUnavailable. Renew starts the limit again.
func Deadline(limit time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		client := c.Request.Context() // ends when the client goes away
		ctx := &lazyDeadline{Context: client, at: time.Now().Add(limit)}
		defer ctx.stop()
		c.Set(renewKey, func() (context.Context, context.CancelFunc) { return context.WithTimeout(client, limit) })
		c.Request = c.Request.WithContext(ctx)
		c.Next()
	}
}

// Renew gives a streamed response as much time for its next part as for the first: it returns a context with Deadline's
// limit for the database, and restarts the server's WriteTimeout, within which the client has to read the part. So a
// long response may take long, but a client that is silent or too slow is cut off, and one that disconnects ends the
// context.
func Renew(c *gin.Context) (context.Context, context.CancelFunc) {
	server, ok := c.Request.Context().Value(http.ServerContextKey).(*http.Server)
	if ok && server.WriteTimeout > 0 {
		// On an error the connection is gone, and the next write fails too.
		_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(server.WriteTimeout))
	}
	renew, _ := c.MustGet(renewKey).(func() (context.Context, context.CancelFunc)) // set by Deadline
	return renew()
}

// lazyDeadline is a context.WithDeadline whose timer starts when something waits for the context. Nothing does in a
// request that is refused before it uses the database, and the timer would be a twentieth of its cost.
type lazyDeadline struct {
	context.Context // the parent

	at     time.Time
	mutex  sync.Mutex
	timed  context.Context // nil before the timer has started
	cancel context.CancelFunc
}

func (d *lazyDeadline) start() context.Context {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.timed == nil {
		d.timed, d.cancel = context.WithDeadline(d.Context, d.at)
	}
	return d.timed
}

// stop releases the timer, if there is one.
func (d *lazyDeadline) stop() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.cancel != nil {
		d.cancel()
	}
}

func (d *lazyDeadline) Deadline() (time.Time, bool) { return d.start().Deadline() }
func (d *lazyDeadline) Done() <-chan struct{}       { return d.start().Done() }
func (d *lazyDeadline) Err() error                  { return d.start().Err() }

// Value returns the timed context's values once there is one: package context looks up a private key there, by which it
// can cancel derived contexts without a goroutine for each.
func (d *lazyDeadline) Value(key any) any {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.timed != nil {
		return d.timed.Value(key)
	}
	return d.Context.Value(key)
}
