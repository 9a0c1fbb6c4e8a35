package content

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// API holds the handlers of this feature.
type API struct{}

// NewAPI returns the handlers.
func NewAPI() *API { return &API{} }

// Titles returns forms of address that are usual in the language: 200.
func (*API) Titles(c *gin.Context) error { return write(c, titles) }

// Genders returns choices for a person's gender: 200.
func (*API) Genders(c *gin.Context) error { return write(c, genders.in) }

// Countries returns the countries, sorted by name: 200.
func (*API) Countries(c *gin.Context) error { return write(c, countries) }

// Categories returns choices for a person's occupation: 200.
func (*API) Categories(c *gin.Context) error { return write(c, categories.in) }

// Ethnicities returns choices for a person's origin: 200.
func (*API) Ethnicities(c *gin.Context) error { return write(c, ethnicities.in) }

// Disabilities returns choices for a person's impairments: 200.
func (*API) Disabilities(c *gin.Context) error { return write(c, disabilities.in) }

// write writes a list in the requested language.
func write(c *gin.Context, list func(language string) []Option) error {
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, list(language))
	return nil
}
