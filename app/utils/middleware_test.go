package utils_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// within lets a handler answer a request of the client, behind Deadline.
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
			t.Errorf("the limit ends at %v, and then at %v", first, second)
		}
		<-ctx.Done()
		if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
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
			t.Errorf("got %v", err)
		}
	})
}
