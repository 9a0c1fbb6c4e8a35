package content

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// API is the handlers of this feature.
type API struct{}

// NewAPI returns the handlers.
func NewAPI() *API { return &API{} }

// Titles returns the forms of address in use in the language: 200.
func (*API) Titles(c *gin.Context) error { return write(c, titles) }

// Genders returns what people can say about their gender: 200.
func (*API) Genders(c *gin.Context) error { return write(c, genders.in) }

// Countries returns the countries in the order of their names: 200.
func (*API) Countries(c *gin.Context) error { return write(c, countries) }

// Categories returns what people who come to events do: 200.
func (*API) Categories(c *gin.Context) error { return write(c, categories.in) }

// Ethnicities returns what people can say about their origin: 200.
func (*API) Ethnicities(c *gin.Context) error { return write(c, ethnicities.in) }

// Disabilities returns what people can have difficulty with: 200.
func (*API) Disabilities(c *gin.Context) error { return write(c, disabilities.in) }

// write writes a list in the language that the request asks for.
func write(c *gin.Context, list func(language string) []Option) error {
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, list(language))
	return nil
}
