package events

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

// List answers a page of the events: 200 with a page, in one language.
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
	found, err := list(c.Request.Context(), a.db, page)
	if err != nil {
		return err
	}
	found, next, err := utils.EndPage(page, found, position)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newPage(found, next, language))
	return nil
}

// maxLimit is how many events a page can have.
const maxLimit = 100

// listing is the query of GET /api/v1/events.
type listing struct{ utils.ListQuery }

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	l.Check(&wrong, maxLimit, "id", "start_date")
	return wrong
}

// name tells the list from others: ListQuery.Page.
func (l *listing) name() string { return "events\x00" + string(l.Sort) }

// position returns an event's place in a list in any order.
func position(event *Event, _ utils.Sort) utils.Position {
	return utils.Position{Time: &event.StartDate, ID: event.ID}
}

// list returns the page of the events, and one more if there is one.
func list(ctx context.Context, db *gorm.DB, page utils.Page) ([]Event, error) {
	var events []Event
	if err := listQuery(db.WithContext(ctx), page).Find(&events).Error; err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return events, nil
}

func listQuery(db *gorm.DB, page utils.Page) *gorm.DB {
	return page.Seek(db.Model(&Event{}), page.Sort.Field(), "id")
}
