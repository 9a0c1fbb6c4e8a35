package events

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API is the handlers of this feature.
type API struct {
	service *Service
	cursors *secrets.Cursors
}

// NewAPI returns an API on the service.
func NewAPI(service *Service, cursors *secrets.Cursors) *API { return &API{service, cursors} }

// Create stores an event, of which the caller becomes the administrator: 201 with the event in all languages.
func (a *API) Create(c *gin.Context) error {
	var body eventBody
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	if err := a.service.Create(c.Request.Context(), users.Actor(c), &body.event); err != nil {
		return err
	}
	c.JSON(http.StatusCreated, inAll(&body.event, true))
	return nil
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
	c.JSON(http.StatusOK, inAll(event, administered[event.ID]))
	return nil
}

// ReadByKey returns an event: 200 with the event in one language.
func (a *API) ReadByKey(c *gin.Context) error {
	var query byKey
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	event, err := a.service.FindByKey(c.Request.Context(), query.Key)
	if err != nil {
		return err
	}
	administered, err := a.service.Administered(c.Request.Context(), users.Current(c), *event)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, in(event, administered[event.ID], language))
	return nil
}

// List returns a page of the events: 200 with a page, in one language.
func (a *API) List(c *gin.Context) error {
	request := listing{utils.NewListQuery()}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	page, err := request.Page(a.cursors, request.name())
	if err != nil {
		return err
	}
	found, err := a.service.List(c.Request.Context(), page)
	if err != nil {
		return err
	}
	found, next, err := utils.EndPage(page, found, position)
	if err != nil {
		return err
	}
	administered, err := a.service.Administered(c.Request.Context(), users.Current(c), found...)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newPage(found, administered, next, language))
	return nil
}

// Update replaces an event, for its administrators: 200 with the event in all languages.
func (a *API) Update(c *gin.Context) error {
	ctx, caller := c.Request.Context(), users.Current(c)
	body := eventBody{existing: true}
	permission := utils.Permission{
		Member: "id",
		For:    func(id int64) error { return a.service.authoriseUpdate(ctx, caller, id) },
		Some:   func() error { return a.service.authoriseSomeUpdate(ctx, caller) },
	}
	if err := utils.DecodePermitted(c, &body, permission); err != nil {
		return err
	}
	if err := a.service.Update(ctx, caller, &body.event); err != nil {
		return err
	}
	c.JSON(http.StatusOK, inAll(&body.event, true))
	return nil
}
