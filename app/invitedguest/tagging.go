package invitedguest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/tags"
	"guestlist/app/utils"
)

// AddTag gives a guest a tag, who may have it already: 201 with the tag.
func (a *API) AddTag(c *gin.Context) error {
	var request oneTag
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	found, err := a.taggable(c, request)
	if err != nil {
		return err
	}
	language, err := utils.Language(c, request.Language)
	if err != nil {
		return err
	}
	err = attach(c.Request.Context(), a.db, guestTags(request.GuestID, []int64{request.TagID}))
	if errors.Is(err, utils.ErrTagNotFound) { // or the guest is not, any more
		_, gone := find(c.Request.Context(), a.db, request.EventID, request.GuestID)
		return cmp.Or(gone, err)
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, newTag(found, language))
	return nil
}

// RemoveTag takes a tag from a guest, who may not have it: 200 with nothing.
func (a *API) RemoveTag(c *gin.Context) error {
	var request oneTag
	if err := utils.DecodeBodyOrQuery(c, &request); err != nil {
		return err
	}
	if _, err := a.taggable(c, request); err != nil {
		return err
	}
	err := a.db.WithContext(c.Request.Context()).
		Where("invited_guest_id = ? AND tag_id = ?", request.GuestID, request.TagID).Delete(&GuestTag{}).Error
	if err != nil {
		return fmt.Errorf("take a tag from a guest: %w", err)
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// taggable returns the tag if the caller may give it to the guest: both are of the event.
func (a *API) taggable(c *gin.Context, request oneTag) (*tags.Tag, error) {
	ctx := c.Request.Context()
	if err := a.administers(c, request.EventID); err != nil {
		return nil, err
	}
	if _, err := find(ctx, a.db, request.EventID, request.GuestID); err != nil {
		return nil, err
	}
	return tags.Find(ctx, a.db, request.EventID, request.TagID)
}
