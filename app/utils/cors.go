package utils

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/rs/cors"
)

const (
	requestHeaders = "Access-Control-Request-Headers"
	keepPreflight  = 600 // seconds, for which a browser may remember what it is allowed
)

// AllowOrigins lets pages of other origins call what is below a path, by the rules of browsers
// (https://fetch.spec.whatwg.org/#http-cors-protocol): the origins, as browsers write them, or "*" for all. It is never
// about cookies: tokens go in a header that the page sets by itself. Preflights end here, before anything that routes
// ask for. All other requests go on, those of other origins too, whose pages do not get to see the response.
func AllowOrigins(origins []string, below string) gin.HandlerFunc {
	rules := cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete},
		AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", requestIDHeader},
		ExposedHeaders: []string{"Content-Disposition", "ETag", "Link", "Retry-After", requestIDHeader},
		MaxAge:         keepPreflight,
	})
	return func(c *gin.Context) {
		if !strings.HasPrefix(c.Request.URL.Path, below) {
			return
		}
		preflight := c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != ""
		if preflight {
			sortNames(c.Request.Header)
		}
		rules.HandlerFunc(c.Writer, c.Request)
		if preflight {
			c.AbortWithStatus(http.StatusNoContent)
		}
	}
}

// sortNames writes the names of the headers that a preflight asks for as browsers do: sorted and in lower case. The
// library takes no others, and people try preflights by hand.
func sortNames(header http.Header) {
	asked, ok := header[requestHeaders]
	if !ok {
		return
	}
	names := strings.FieldsFunc(strings.ToLower(strings.Join(asked, ",")),
		func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(names)
	header.Set(requestHeaders, strings.Join(slices.Compact(names), ","))
}
