package pages

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
)

const organisationKey = "pages.organisation"

// SignedBy returns a handler that lets all pages end with the name of the organisation whose installation this is.
func SignedBy(organisation string) gin.HandlerFunc {
	return func(c *gin.Context) { c.Set(organisationKey, organisation) }
}

// Write responds to a request with the page of that name, in the language nearest to a tag.
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

// Private keeps a response, and the address of its request, which holds a code, to the browser that asked for it.
func Private(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("X-Robots-Tag", "noindex")
}

// Language returns the language of the pages that the browser asks for: for people whom no code names.
func (p *Pages) Language(c *gin.Context) string { return p.Accepted(c.GetHeader("Accept-Language")) }

var loadFailure = sync.OnceValue(func() *Pages { return MustParse(files, "failure") })

// Failure responds to a browser with a page that says, in its language, that a request failed with the status.
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

// Redirect leads the browser to another page, or back to the same one after a form: 303. Location is relative to the
// request's address, so that it holds wherever a proxy shows that.
func Redirect(c *gin.Context, location string) error {
	c.Header("Location", location)
	c.Status(http.StatusSeeOther)
	c.Writer.WriteHeaderNow()
	return nil
}
