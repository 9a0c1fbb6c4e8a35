package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

// health answers those who watch over the program.
type health struct {
	db          *gorm.DB
	checkSchema func(context.Context) error
	draining    atomic.Bool
}

type healthResponse struct {
	Status string `json:"status"`
}

// live answers whether the program runs; it touches nothing, so that a database's absence restarts nobody.
func (h *health) live(c *gin.Context) error {
	c.JSON(http.StatusOK, healthResponse{"ok"})
	return nil
}

// ready answers whether requests should be sent here: the database is reachable, its schema is the right one, and the
// program is not shutting down.
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
	if h.checkSchema == nil {
		return nil
	}
	err := h.checkSchema(ctx)
	if err == nil || errors.Is(err, utils.ErrSchemaOutdated) {
		return err
	}
	return fmt.Errorf("%w: %w", utils.ErrUnavailable, err)
}
