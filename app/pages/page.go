package pages

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
)

const organisationKey = "pages.organisation"

// SignedBy returns middleware that puts the organisation's name at the end of all pages.
func SignedBy(organisation string) gin.HandlerFunc {
	return func(c *gin.Context) { c.Set(organisationKey, organisation) }
}

// Write writes the named page in the language nearest to tag.
func (p *Pages) Write(c *gin.Context, status int, name, tag string, view any) error {
	html, err := p.render(name, tag, c.GetString(organisationKey), view)
	if err != nil {
		return err
	}
	Private(c)
	c.Header("Content-Security-Policy", policy)
	c.Data(status, "text/html; charset=utf-8", html)
	return nil
}

// Private keeps the response and the request's URL, which contains a code, from caches, referrers and search engines.
func Private(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("X-Robots-Tag", "noindex")
}

// Language returns the language that the browser prefers, for requests without a known user.
func (p *Pages) Language(c *gin.Context) string { return p.Accepted(c.GetHeader("Accept-Language")) }

var loadFailure = sync.OnceValue(func() *Pages { return MustParse(files, "failure") })

// Failure writes a page that says, in the browser's language, that the request failed with the status.
func Failure(c *gin.Context, status int) error {
	word := "failed"
	switch {
	case status == http.StatusTooManyRequests:
		word = "too_many"
	case status == http.StatusServiceUnavailable:
		word = "unavailable"
	case status < http.StatusInternalServerError:
		word = "wrong"
	}
	p := loadFailure()
	return p.Write(c, status, "failure", p.Language(c), word)
}

// Redirect redirects the browser to another page, or to the same one after a form: 303. Location is relative to the
// request's URL, so that it is right behind any proxy.
func Redirect(c *gin.Context, location string) error {
	c.Header("Location", location)
	c.Status(http.StatusSeeOther)
	c.Writer.WriteHeaderNow()
	return nil
}
