package docs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5/static"

	"guestlist/app/utils"
)

// API is the handlers of this feature.
type API struct {
	on       bool
	document func() ([]byte, error)
	unpacked map[string]func() ([]byte, error) // files for clients without gzip, by name
}

// NewAPI returns the handlers. If on is false, they fail with utils.ErrNotFound. document returns the API's document.
func NewAPI(on bool, document func() ([]byte, error)) *API {
	a := &API{on, document, map[string]func() ([]byte, error){}}
	for name := range files {
		a.unpacked[name] = sync.OnceValues(func() ([]byte, error) { return unpack(name) }) // takes 20 ms
	}
	return a
}

// Document returns the OpenAPI document: 200.
func (a *API) Document(c *gin.Context) error {
	if !a.on {
		return utils.ErrNotFound
	}
	document, err := a.document()
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", document)
	return nil
}

// policy lets the page load files from the program and call it, and nothing else. The style sheet's icons are data:
// URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Page returns the page that shows the document: 200.
func (a *API) Page(c *gin.Context) error {
	if !a.on {
		return utils.ErrNotFound
	}
	c.Header("Content-Security-Policy", policy)
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(index))
	return nil
}

// files are the files that the page loads, by name. Those without content are Swagger UI's.
var files = map[string]struct{ mediaType, content string }{
	"start.js":             {"text/javascript; charset=utf-8", start},
	"page.css":             {"text/css; charset=utf-8", style},
	"swagger-ui-bundle.js": {"text/javascript; charset=utf-8", ""},
	"swagger-ui.css":       {"text/css; charset=utf-8", ""},
}

// File returns a file of the page: 200. Browsers cache it for a day.
func (a *API) File(c *gin.Context) error {
	name := c.Param("file")
	file, ok := files[name]
	if !ok || !a.on {
		return utils.ErrNotFound
	}
	c.Header("Cache-Control", "public, max-age=86400")
	c.Header("Vary", "Accept-Encoding")
	if file.content != "" {
		c.Data(http.StatusOK, file.mediaType, []byte(file.content))
		return nil
	}
	content := a.unpacked[name]
	zipped := takesGzip(c.GetHeader("Accept-Encoding"))
	if zipped {
		content = func() ([]byte, error) { return packed(name) }
	}
	body, err := content()
	if err != nil {
		return fmt.Errorf("%w: %w", utils.ErrInternal, err)
	}
	if zipped {
		c.Header("Content-Encoding", "gzip")
	}
	c.Data(http.StatusOK, file.mediaType, body)
	return nil
}

// takesGzip reports whether an Accept-Encoding header accepts gzip by name: RFC 9110, 12.5.3.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(part, " ", "")), ";")
		if coding == "gzip" {
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

func packed(name string) ([]byte, error) { return static.FS.ReadFile(name + ".gz") }

func unpack(name string) ([]byte, error) {
	content, err := packed(name)
	if err != nil {
		return nil, err
	}
	in, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("unpack a file of Swagger UI: %w", err)
	}
	return io.ReadAll(in)
}
