package tags

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// API answers the requests of this feature. All of them are for administrators of the event alone.
type API struct{ db *gorm.DB }

// NewAPI returns an API on db.
func NewAPI(db *gorm.DB) *API { return &API{db} }

func (a *API) authorise(c *gin.Context, eventID int64) error {
	return events.Admin(c.Request.Context(), a.db, users.Current(c), eventID)
}

// List answers the tags of an event, the oldest first: 200 with a list, in one language.
func (a *API) List(c *gin.Context) error {
	var query ofEvent
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	if err := a.authorise(c, query.EventID); err != nil {
		return err
	}
	found, err := list(c.Request.Context(), a.db, query.EventID)
	if err != nil {
		return err
	}
	answers := make([]answer[string], len(found))
	for i := range found {
		answers[i] = in(&found[i], language)
	}
	c.JSON(http.StatusOK, answers)
	return nil
}

// Read answers a tag: 200 with the tag in all languages.
func (a *API) Read(c *gin.Context) error {
	var query one
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	if err := a.authorise(c, query.EventID); err != nil {
		return err
	}
	tag, err := Find(c.Request.Context(), a.db, query.EventID, query.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, inAll(tag))
	return nil
}

// Create stores a tag of an event: 201 with the tag in all languages.
func (a *API) Create(c *gin.Context) error {
	var body tagBody
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	if err := a.authorise(c, body.EventID); err != nil {
		return err
	}
	tag := body.tag()
	if err := create(c.Request.Context(), a.db, tag); err != nil {
		return err
	}
	c.JSON(http.StatusCreated, inAll(tag))
	return nil
}

// Update replaces all that a tag says: 200 with the tag in all languages.
func (a *API) Update(c *gin.Context) error {
	body := tagBody{existing: true}
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	if err := a.authorise(c, body.EventID); err != nil {
		return err
	}
	tag := body.tag()
	if err := update(c.Request.Context(), a.db, tag); err != nil {
		return err
	}
	c.JSON(http.StatusOK, inAll(tag))
	return nil
}

// Delete deletes a tag, which no guest has any more then: 200 with nothing.
func (a *API) Delete(c *gin.Context) error {
	var body one
	if err := utils.DecodeBodyOrQuery(c, &body); err != nil {
		return err
	}
	if err := a.authorise(c, body.EventID); err != nil {
		return err
	}
	if err := remove(c.Request.Context(), a.db, body.EventID, body.ID); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// tag returns the tag that the body describes; its ID is 0 if it names none.
func (b *tagBody) tag() *Tag {
	tag := &Tag{EventID: b.EventID, TagType: b.TagType, Name: b.Name, Description: b.Description}
	if b.existing {
		tag.ID = b.ID
	}
	return tag
}
