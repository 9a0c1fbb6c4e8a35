package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// health serves the liveness and readiness checks.
type health struct {
	db          *gorm.DB
	checkSchema func(context.Context) error
	draining    atomic.Bool
	written     atomic.Int64 // time of the last write to the database, in nanoseconds since 1970
}

// writeEvery is the minimum time between two test writes, so that checks cannot load the database.
const writeEvery = time.Second

type healthResponse struct {
	Status string `json:"status"`
}

// live reports that the program runs: 200. It does not use the database, whose failure must not restart the program.
func (h *health) live(c *gin.Context) error {
	c.JSON(http.StatusOK, healthResponse{"ok"})
	return nil
}

// ErrSchemaAhead means that a newer program has upgraded the schema, which has everything that this one knows. If the
// newer revisions only add, this program can continue and is ready; otherwise the first step of a rolling upgrade would
// take every instance out of service. A schema check returns it together with utils.ErrSchemaOutdated.
var ErrSchemaAhead = errors.New("a newer program has upgraded the schema")

// ready reports whether the program can serve requests: 200 if the database is reachable and writable and has the right
// schema, and the program is not shutting down.
func (h *health) ready(c *gin.Context) error {
	if h.draining.Load() {
		return utils.ErrShuttingDown
	}
	if err := h.check(c.Request.Context()); err != nil {
		return err
	}
	c.JSON(http.StatusOK, healthResponse{"ready"})
	return nil
}

func (h *health) check(ctx context.Context) error {
	if err := h.db.WithContext(ctx).Exec("SELECT 1").Error; err != nil {
		return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
	}
	if h.checkSchema != nil {
		err := h.checkSchema(ctx)
		switch {
		case err == nil, errors.Is(err, ErrSchemaAhead):
		case errors.Is(err, utils.ErrSchemaOutdated):
			return err
		default:
			return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
		}
	}
	if err := h.write(ctx); err != nil {
		return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
	}
	return nil
}

// write writes to the database, unless it has just done so. Only a write detects a full disk or a read-only server.
func (h *health) write(ctx context.Context) error {
	now := h.db.NowFunc()
	if since := now.UnixNano() - h.written.Load(); 0 <= since && since < int64(writeEvery) {
		return nil
	}
	if err := users.ProbeWrite(ctx, h.db); err != nil {
		return err
	}
	h.written.Store(now.UnixNano())
	return nil
}
