package organisation

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// API holds the handlers of this feature.
type API struct{ organisation Organisation }

// NewAPI returns the handlers for an organisation.
func NewAPI(o Organisation) *API { return &API{o} }

// Read returns the organisation: 200.
func (a *API) Read(c *gin.Context) error {
	c.JSON(http.StatusOK, a.organisation)
	return nil
}
