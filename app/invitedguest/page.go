package invitedguest

import (
	"embed"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/localtime"
	"guestlist/app/pages"
	"guestlist/app/utils"
)

//go:embed pages
var pageFiles embed.FS

var loadPages = sync.OnceValue(func() *pages.Pages { return pages.MustParse(pageFiles, "pages") })

// view is the data of the page.
type view struct {
	Problem string // the key of the words that say why there is no invitation; empty: there is one

	Code                     string
	Name, Event, Description string
	URL, Link                string // Link is URL if it is safe to link
	When                     *moment
	Opens                    *moment // nil: open
	Until                    *moment // nil: no limit
	Status                   Status
	Comment                  string
	Cancelled, Closed        bool
}

// moment is a time and its text.
type moment struct {
	At   time.Time
	Text string
}

// Page shows the invitation that the code in the URL authenticates, with the current answer and a form to change it:
// 200.
func (a *API) Page(c *gin.Context) error {
	return a.writePage(c, http.StatusOK)
}

// AnswerOnPage stores the answer from the form and redirects to the page: 303. The code is the request's only
// credential, so that no other site can make a guest answer.
func (a *API) AnswerOnPage(c *gin.Context) error {
	code := c.Param("code")
	g, err := a.byCode(c, code)
	if errors.Is(err, utils.ErrInvitationNotValid) {
		return a.writePage(c, http.StatusNotFound)
	} else if err != nil {
		return err
	}
	var form pageForm
	if err := utils.Decode(c, &form); err != nil {
		return err
	}
	if err := a.service.Answer(c.Request.Context(), g, form.Status, form.Comment); err != nil {
		switch {
		case errors.Is(err, utils.ErrInvitationNotValid):
			return a.writePage(c, http.StatusNotFound)
		case errors.Is(err, utils.ErrRegistrationClosed), errors.Is(err, utils.ErrRegistrationNotOpen),
			errors.Is(err, utils.ErrEventCancelled):
			return a.writePage(c, http.StatusConflict)
		}
		return err
	}
	return pages.Redirect(c, code)
}

// pageForm is the form on the page.
type pageForm struct {
	Status  Status  `json:"status"`
	Comment *string `json:"comment"` // nil: unchanged
}

// Validate implements utils.Validator.
func (f *pageForm) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("status", checkAnswer(f.Status))
	wrong.Add("comment", checkComment(f.Comment))
	return wrong
}

// writePage writes the page for the code in the URL, or one that says the code is not valid.
func (a *API) writePage(c *gin.Context, status int) error {
	code := c.Param("code")
	g, err := a.byCode(c, code)
	if errors.Is(err, utils.ErrInvitationNotValid) {
		_ = c.Error(err) // for the log
		return loadPages().Write(c, http.StatusNotFound, "invitation", loadPages().Language(c), view{Problem: "not_valid"})
	} else if err != nil {
		return err
	}
	shown := newView(code, g, a.service.CheckAnswerable(g.Event))
	return loadPages().Write(c, status, "invitation", languageFor(g.User, g.Event), shown)
}

// Calendar returns the calendar file for the invitation that the code in the URL authenticates: 200.
func (a *API) Calendar(c *gin.Context) error {
	g, err := a.byCode(c, c.Param("code"))
	if errors.Is(err, utils.ErrInvitationNotValid) {
		return a.writePage(c, http.StatusNotFound)
	} else if err != nil {
		return err
	}
	file := a.service.Calendar(g)
	pages.Private(c)
	c.Header("Content-Disposition", `attachment; filename="`+fileName(g.Event)+`"`)
	c.Data(http.StatusOK, file.MediaType(), file.File())
	return nil
}

// newView returns the data of the page for a guest. answerable is the error of CheckAnswerable.
func newView(code string, g *InvitedGuest, answerable error) view {
	event, language, zone := g.Event, languageFor(g.User, g.Event), g.Event.Zone()
	v := view{
		Code: code, Name: g.User.MailName(g.EventID), Event: textFor(g.User, event, event.Name),
		Description: textFor(g.User, event, event.Description),
		URL:         event.URL, Link: event.Link(), Status: g.Status, Comment: g.Comment,
		Cancelled: event.CancelledAt != nil, Closed: errors.Is(answerable, utils.ErrRegistrationClosed),
		When: &moment{event.StartDate, localtime.FormatSpan(event.StartDate, event.EndDate, zone, language)},
	}
	if open := event.RegistrationOpen; errors.Is(answerable, utils.ErrRegistrationNotOpen) {
		v.Opens = &moment{*open, localtime.FormatBegin(*open, zone, language)}
	}
	if until := answersUntil(event); until != nil {
		v.Until = &moment{*until, localtime.FormatEnd(*until, zone, language)}
	}
	return v
}
