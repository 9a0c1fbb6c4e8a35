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

// health answers those who watch over the program.
type health struct {
	db          *gorm.DB
	checkSchema func(context.Context) error
	draining    atomic.Bool
	written     atomic.Int64 // when the database was last written to, in nanoseconds since 1970
}

// writeEvery is how old the last write may be, so that those who watch cannot make the database busy.
const writeEvery = time.Second

type healthResponse struct {
	Status string `json:"status"`
}

// live answers whether the program runs; it touches nothing, so that a database's absence restarts nobody.
func (h *health) live(c *gin.Context) error {
	c.JSON(http.StatusOK, healthResponse{"ok"})
	return nil
}

// ErrSchemaAhead is a schema that a newer program has upgraded, and that has all that this one knows of. Where the
// newer revisions only add, this program can go on, and is ready: otherwise the first step of a rolling upgrade would
// take every program out of service. A schema check's error wraps it together with
// utils.ErrSchemaOutdated.
var ErrSchemaAhead = errors.New("a newer program has upgraded the schema")

// ready answers whether requests should be sent here: the database is reachable and can be written to, its schema is
// the right one, and the program is not shutting down.
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

// write writes to the database, unless it has just done so: a full disk and a server that only reads show in nothing
// less.
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
