package utils

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// AsksFor reports whether the Accept header of a request names one of the media types, such as application/json. A
// range such as */* does not count, since browsers, scanners and robots send it with every request.
func AsksFor(c *gin.Context, mediaTypes ...string) bool {
	for part := range strings.SplitSeq(strings.Join(c.Request.Header.Values("Accept"), ","), ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if weight, given := parameters["q"]; given {
			if q, err := strconv.ParseFloat(weight, 64); err != nil || q <= 0 {
				continue
			}
		}
		if slices.Contains(mediaTypes, name) {
			return true
		}
	}
	return false
}

// OnlyLooks reports whether a request must not change anything, even on a route where GET does: it is a HEAD request
// (RFC 9110, 9.2.1), or a browser prefetches the page.
func OnlyLooks(c *gin.Context) bool {
	header := c.Request.Header
	purpose := strings.ToLower(strings.Join([]string{header.Get("Sec-Purpose"), header.Get("Purpose"),
		header.Get("X-Moz")}, " "))
	return c.Request.Method == http.MethodHead || strings.Contains(purpose, "prefetch") ||
		strings.Contains(purpose, "prerender") ||
		strings.Contains(purpose, "preview")
}
