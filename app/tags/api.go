package tags

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// API holds the handlers of this feature. All of them require an administrator of the event.
type API struct{ service *Service }

// NewAPI returns an API on the service.
func NewAPI(service *Service) *API { return &API{service} }

func (a *API) authorise(c *gin.Context, eventID int64) error {
	return a.service.Authorise(c.Request.Context(), users.Current(c), eventID)
}

// permission is authorise for requests that may name the event in the body.
func (a *API) permission(c *gin.Context) utils.Permission {
	return utils.Permission{
		Member: "event_id",
		For:    func(eventID int64) error { return a.authorise(c, eventID) },
		Some:   func() error { return a.service.AuthoriseSome(c.Request.Context(), users.Current(c)) },
	}
}

// List returns the tags of an event, the oldest first: 200 with a list, in one language.
func (a *API) List(c *gin.Context) error {
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	return writeList(a, c, func(t *Tag) response[string] { return in(t, language) })
}

// ListAll is List with all languages.
func (a *API) ListAll(c *gin.Context) error { return writeList(a, c, inAll) }

func writeList[Response any](a *API, c *gin.Context, as func(*Tag) Response) error {
	eventID, err := a.event(c)
	if err != nil {
		return err
	}
	found, err := a.service.List(c.Request.Context(), eventID)
	if err != nil {
		return err
	}
	result := make([]Response, len(found))
	for i := range found {
		result[i] = as(&found[i])
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// Types returns the types that tags of an event can have: 200 with a list.
func (a *API) Types(c *gin.Context) error {
	if _, err := a.event(c); err != nil {
		return err
	}
	types := make([]string, len(tagTypes))
	for i, tagType := range tagTypes {
		types[i] = strings.ToUpper(tagType)
	}
	c.JSON(http.StatusOK, types)
	return nil
}

// event returns the id of the event in the query, and fails unless the caller administers it.
func (a *API) event(c *gin.Context) (int64, error) {
	var query ofEvent
	if err := utils.DecodeQuery(c, &query); err != nil {
		return 0, err
	}
	return query.EventID, a.authorise(c, query.EventID)
}

// Read returns a tag: 200 with the tag in all languages.
func (a *API) Read(c *gin.Context) error {
	var query one
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	if err := a.authorise(c, query.EventID); err != nil {
		return err
	}
	tag, err := a.service.Find(c.Request.Context(), query.EventID, query.ID)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, tag)
}

// respond writes a tag in all languages, with its entity tag.
func respond(c *gin.Context, status int, tag *Tag) error {
	entityTag, err := tag.ETag()
	if err != nil {
		return err
	}
	utils.SendETag(c, entityTag)
	c.JSON(status, inAll(tag))
	return nil
}

// Create stores a tag of an event: 201 with the tag in all languages.
func (a *API) Create(c *gin.Context) error {
	var body tagBody
	if err := utils.DecodePermitted(c, &body, a.permission(c)); err != nil {
		return err
	}
	tag := body.tag()
	if err := a.service.Create(c.Request.Context(), tag, body.Active == nil || *body.Active); err != nil {
		return err
	}
	return respond(c, http.StatusCreated, tag)
}

// Update replaces a tag, and deactivates or reactivates it: 200 with the tag in all languages.
func (a *API) Update(c *gin.Context) error {
	body := tagBody{existing: true}
	if err := utils.DecodePermitted(c, &body, a.permission(c)); err != nil {
		return err
	}
	tag := body.tag()
	if err := a.service.Update(c.Request.Context(), users.Actor(c), tag, body.Active); err != nil {
		return err
	}
	return respond(c, http.StatusOK, tag)
}

// Delete deletes a tag and removes it from its guests: 200 with {}.
func (a *API) Delete(c *gin.Context) error {
	var body one
	if err := utils.DecodePermittedOptional(c, &body, a.permission(c)); err != nil {
		return err
	}
	if err := a.service.Delete(c.Request.Context(), users.Actor(c), body.EventID, body.ID); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}
