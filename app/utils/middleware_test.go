package utils_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/logging"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// within runs a handler behind Deadline, for a request with the client's context.
func within(client context.Context, limit time.Duration, handle gin.HandlerFunc) {
	router := gin.New()
	router.Use(utils.Deadline(limit))
	router.GET("/", handle)
	router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(client))
}

func TestRenewAfterDeadline(t *testing.T) {
	t.Parallel()
	within(t.Context(), time.Millisecond, func(c *gin.Context) {
		<-c.Request.Context().Done()
		first, _ := c.Request.Context().Deadline()
		ctx, cancel := utils.Renew(c)
		defer cancel()
		second, ok := ctx.Deadline()
		if !ok || !second.After(first) {
			t.Errorf("the limit ends at %v, and then at %v, want a later one", first, second)
		}
		<-ctx.Done()
		if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestRenewEndsWithClient(t *testing.T) {
	t.Parallel()
	client, leave := context.WithCancel(t.Context())
	defer leave()
	within(client, time.Hour, func(c *gin.Context) {
		ctx, cancel := utils.Renew(c)
		defer cancel()
		leave()
		if err := ctx.Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
	})
}

// TestRequestLevels checks that a request is logged as an error only if an operator has to look into its failure.
func TestRequestLevels(t *testing.T) {
	t.Parallel()
	away := errors.New("the database is away")
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"nothing":            {nil, "INFO"},
		"the client's fault": {utils.ErrValidationFailed, "INFO"},
		"too many":           {utils.TooManyRequests(time.Minute), "INFO"},
		"the client left":    {context.Canceled, "INFO"},
		"shutting down":      {utils.ErrShuttingDown, "INFO"},
		"busy":               {utils.ErrBusy, "WARN"},
		"no place":           {fmt.Errorf("sign in: %w: full", secrets.ErrBusy), "WARN"},
		"unavailable":        {fmt.Errorf("%w: %w", utils.ErrUnavailable, away), "ERROR"},
		"no time left":       {context.DeadlineExceeded, "ERROR"},
		"schema":             {utils.ErrSchemaOutdated, "ERROR"},
		"a mistake":          {errors.New("no such column"), "ERROR"},
	} {
		var log bytes.Buffer
		router := gin.New()
		router.Use(utils.LogRequests(logging.New(&log, logging.Options{}), time.Now))
		router.GET("/", utils.Handler(func(*gin.Context) error { return test.err }))
		router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		if lines := strings.Count(log.String(), "\n"); lines != 1 ||
			!strings.Contains(log.String(), `"level":"`+test.want+`"`) {
			t.Errorf("%s: got %s, want one line of %s", name, log.String(), test.want)
		}
	}
}
