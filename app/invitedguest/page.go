package invitedguest

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"guestlist/app/utils"
)

//go:embed pages
var pageFiles embed.FS

// pages are what the page for guests is made of: one layout, and its words by language.
type pages struct {
	layout  *template.Template
	style   template.CSS
	policy  string // Content-Security-Policy: nothing but this style, and forms to this server
	words   map[string]words
	matcher language.Matcher // for browsers of people whom no code tells
}

// words are the texts of the page in one language, by name.
type words map[string]string

// pageLanguages are those that the page is written in; the first is for everybody else.
var pageLanguages = []string{"en", "fr"}

var loadPages = sync.OnceValue(func() *pages {
	style := mustRead("pages/style.css")
	sum := sha256.Sum256(style)
	p := &pages{
		layout: template.Must(template.ParseFS(pageFiles, "pages/invitation.html")),
		style:  template.CSS(style), //nolint:gosec // our own
		policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			base64.StdEncoding.EncodeToString(sum[:])),
		words: map[string]words{},
	}
	var tags []language.Tag
	for _, name := range pageLanguages {
		var w words
		if err := json.Unmarshal(mustRead("pages/"+name+".json"), &w); err != nil {
			panic(err) // the file is embedded
		}
		p.words[name] = w
		tags = append(tags, language.Make(name))
	}
	p.matcher = language.NewMatcher(tags)
	return p
})

func mustRead(name string) []byte {
	data, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return data
}

// view is what the layout is given.
type view struct {
	Language string
	Style    template.CSS
	Words    words
	Problem  string // a word's name: why there is nothing to answer; empty: there is

	Name, Event, Description string
	URL, Link                string // Link is the URL if it can be one
	Begin                    time.Time
	End, Until               *time.Time // nil: never
	Status                   Status
	Closed                   bool
}

// Page shows a guest the invitation whose code is in the URL, with the answer so far and a form for another: 200.
func (a *API) Page(c *gin.Context) error {
	return a.page(c, http.StatusOK)
}

// AnswerOnPage takes the answer from the form and leads back to the page: 303. The code is the authority that the
// request has, and no other comes along with it, so that no other site can make a guest answer.
func (a *API) AnswerOnPage(c *gin.Context) error {
	code := c.Param("code")
	g, err := a.byCode(c, code)
	if errors.Is(err, utils.ErrInvitationNotValid) {
		return a.page(c, http.StatusNotFound)
	} else if err != nil {
		return err
	}
	var form pageForm
	if err := utils.Decode(c, &form); err != nil {
		return err
	}
	if err := a.service.Answer(c.Request.Context(), g, form.Status); err != nil {
		switch {
		case errors.Is(err, utils.ErrInvitationNotValid):
			return a.page(c, http.StatusNotFound)
		case errors.Is(err, utils.ErrRegistrationClosed):
			return a.page(c, http.StatusConflict)
		}
		return err
	}
	c.Header("Location", code) // as seen from this address, wherever a proxy shows it
	c.Status(http.StatusSeeOther)
	c.Writer.WriteHeaderNow()
	return nil
}

// pageForm is the form on the page.
type pageForm struct {
	Status Status `json:"status"`
}

// Validate implements utils.Validator.
func (f *pageForm) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("status", checkAnswer(f.Status))
	return wrong
}

// page writes the page for the code in the address, or that there is none for it.
func (a *API) page(c *gin.Context, status int) error {
	var v view
	g, err := a.byCode(c, c.Param("code"))
	switch {
	case errors.Is(err, utils.ErrInvitationNotValid):
		_ = c.Error(err) // for the log
		status, v.Problem = http.StatusNotFound, "not_valid"
		v.Language = browserLanguage(c)
	case err != nil:
		return err
	default:
		v.Language = g.User.PrimaryLanguage
		v.Name, v.Event, v.Description = g.User.Fullname(), g.Event.Name.In(v.Language), g.Event.Description.In(v.Language)
		v.Begin, v.End, v.Until = g.Event.StartDate.UTC(), utc(g.Event.EndDate), answersUntil(g.Event)
		v.URL, v.Link, v.Status, v.Closed = g.Event.URL, g.Event.Link(), g.Status, !a.service.Answerable(g.Event)
	}
	return v.write(c, status)
}

func (v *view) write(c *gin.Context, status int) error {
	p := loadPages()
	v.Language, v.Words = p.find(v.Language)
	v.Style = p.style
	var html bytes.Buffer
	if err := p.layout.Execute(&html, v); err != nil {
		return fmt.Errorf("write the invitation's page: %w", err)
	}
	c.Header("Content-Security-Policy", p.policy)
	c.Data(status, "text/html; charset=utf-8", html.Bytes())
	return nil
}

// find returns the words in the language that comes nearest, and which that is: pt-BR, else pt, else the first.
func (p *pages) find(tag string) (string, words) {
	for tag = strings.ToLower(tag); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
		if w, ok := p.words[tag]; ok {
			return tag, w
		}
	}
	return pageLanguages[0], p.words[pageLanguages[0]]
}

// browserLanguage returns which of the page's languages the browser asks for (RFC 9110, 12.5.4).
func browserLanguage(c *gin.Context) string {
	wanted, _, err := language.ParseAcceptLanguage(c.GetHeader("Accept-Language"))
	if err != nil {
		return pageLanguages[0]
	}
	_, index, _ := loadPages().matcher.Match(wanted...)
	return pageLanguages[index]
}
