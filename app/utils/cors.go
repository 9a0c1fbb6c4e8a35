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
	keepPreflight  = 600 // seconds for which browsers may cache a preflight response
)

// AllowOrigins implements CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) for paths that begin with below.
// origins are in the form in which browsers send them, or "*" for all. Credentials are not allowed: pages set the
// token's header themselves. Preflights end here, before authentication and rate limits. All other requests continue,
// whatever their origin; browsers keep the response from pages of origins that are not listed.
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

// sortNames sorts the header names in a preflight and puts them in lower case, as browsers do. The library requires
// that, and people also try preflights by hand.
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
