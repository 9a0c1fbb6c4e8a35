package invitedguest

import (
	"embed"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/pages"
	"guestlist/app/utils"
)

//go:embed pages
var pageFiles embed.FS

var loadPages = sync.OnceValue(func() *pages.Pages { return pages.MustParse(pageFiles, "pages") })

// view is what the page is given.
type view struct {
	Problem string // a word's name: why there is nothing to answer; empty: there is

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
	return pages.Redirect(c, code)
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
	var language string
	g, err := a.byCode(c, c.Param("code"))
	switch {
	case errors.Is(err, utils.ErrInvitationNotValid):
		_ = c.Error(err) // for the log
		status, v.Problem = http.StatusNotFound, "not_valid"
		language = loadPages().Language(c)
	case err != nil:
		return err
	default:
		language = languageFor(g.User, g.Event)
		v.Name, v.Event = g.User.MailName(g.EventID), textFor(g.User, g.Event, g.Event.Name)
		v.Description = textFor(g.User, g.Event, g.Event.Description)
		v.Begin, v.End, v.Until = g.Event.StartDate.UTC(), utc(g.Event.EndDate), answersUntil(g.Event)
		v.URL, v.Link, v.Status, v.Closed = g.Event.URL, g.Event.Link(), g.Status, !a.service.Answerable(g.Event)
	}
	return loadPages().Write(c, status, "invitation", language, v)
}
