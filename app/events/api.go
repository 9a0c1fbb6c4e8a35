package events

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API holds the handlers of this feature.
type API struct {
	service      *Service
	cursors      *secrets.Cursors
	organisation Organisation
}

// Organisation is the organiser of all events.
type Organisation struct {
	ID   int64
	Name string
}

// NewAPI returns an API on the service.
func NewAPI(service *Service, cursors *secrets.Cursors, of Organisation) *API {
	return &API{service, cursors, of}
}

// Create stores an event and makes the caller its administrator: 201 with the event in all languages.
func (a *API) Create(c *gin.Context) error {
	body := eventBody{organiser: a.organisation.ID, zone: a.service.zone}
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	if err := a.service.Create(c.Request.Context(), users.Actor(c), &body.event); err != nil {
		return err
	}
	return a.respond(c, http.StatusCreated, &body.event, true)
}

// Read returns an event: 200 with the event in all languages.
func (a *API) Read(c *gin.Context) error {
	var query byID
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	event, err := a.service.Find(c.Request.Context(), query.ID)
	if err != nil {
		return err
	}
	administered, err := a.service.Administered(c.Request.Context(), users.Current(c), *event)
	if err != nil {
		return err
	}
	return a.respond(c, http.StatusOK, event, administered[event.ID])
}

// respond writes an event in all languages, with its entity tag.
func (a *API) respond(c *gin.Context, status int, event *Event, administered bool) error {
	tag, err := event.ETag()
	if err != nil {
		return err
	}
	utils.SendETag(c, tag)
	c.JSON(status, newEditable(event, administered, a.organisation))
	return nil
}

// ReadByKey returns an event: 200 with the event in one language, with the caller's status.
func (a *API) ReadByKey(c *gin.Context) error {
	var query byKey
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	event, err := a.service.FindByKey(c.Request.Context(), query.Key)
	if err != nil {
		return err
	}
	views, err := a.views(c, language, *event)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, views[0])
	return nil
}

// views returns the events in one language, with the caller's status.
func (a *API) views(c *gin.Context, language string, events ...Event) ([]view, error) {
	to, err := a.service.Standing(c.Request.Context(), users.Current(c), events...)
	if err != nil {
		return nil, err
	}
	result := make([]view, len(events))
	for i := range events {
		result[i] = newView(&events[i], to, language, a.organisation)
	}
	return result, nil
}

// List returns the events that the caller may see, in one language: 200 with a list of all of them or, with a limit or
// a cursor, of a page, with the next page's URL in the Link header (RFC 8288).
func (a *API) List(c *gin.Context) error {
	request := listing{utils.NewListQuery()}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	page, err := request.Page(a.cursors, request.name())
	if err != nil {
		return err
	}
	paged := request.Limit != nil || request.Cursor != ""
	if !paged {
		page.Limit = maxLimit // per query
	}
	result := []view{}
	for more := true; more; {
		found, err := a.service.List(c.Request.Context(), users.Current(c), page)
		if err != nil {
			return err
		}
		found, page.After = utils.Cut(page, found, position)
		views, err := a.views(c, language, found...)
		if err != nil {
			return err
		}
		result = append(result, views...)
		more = !paged && page.After != nil
	}
	if err := page.Link(c); err != nil {
		return err
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// Update replaces an event, for its administrators: 200 with the event in all languages.
func (a *API) Update(c *gin.Context) error {
	ctx, caller := c.Request.Context(), users.Current(c)
	body := eventBody{existing: true, organiser: a.organisation.ID}
	permission := utils.Permission{
		Member: "id",
		For:    func(id int64) error { return a.service.authoriseUpdate(ctx, caller, id) },
		Some:   func() error { return a.service.authoriseSomeUpdate(ctx, caller) },
	}
	if err := utils.DecodePermitted(c, &body, permission); err != nil {
		return err
	}
	if err := a.service.Update(ctx, users.Actor(c), caller, &body.event, body.complete); err != nil {
		return err
	}
	return a.respond(c, http.StatusOK, &body.event, true)
}
