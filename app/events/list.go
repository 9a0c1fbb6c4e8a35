package events

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

const (
	defaultLimit = 50
	maxLimit     = 100
)

// List answers a page of the events: 200 with a page, in one language.
func (a *API) List(c *gin.Context) error {
	request := listing{Limit: defaultLimit, Sort: "id"}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	after, err := utils.DecodeCursor[position](a.cursors, request.name(), request.Cursor)
	if err != nil {
		return err
	}
	found, err := list(c.Request.Context(), a.db, request, after)
	if err != nil {
		return err
	}
	result := page{Events: []answer[string]{}}
	if len(found) > request.Limit { // one more is asked for than answered
		found = found[:request.Limit]
		last := found[len(found)-1]
		next, err := a.cursors.Encode(request.name(), position{last.StartDate, last.ID})
		if err != nil {
			return err
		}
		result.NextCursor = &next
	}
	for _, event := range found {
		result.Events = append(result.Events, in(&event, language))
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// listing is the query of GET /api/v1/events.
type listing struct {
	Limit  int    `json:"limit"`
	Cursor string `json:"cursor"`
	Sort   string `json:"sort"` // id or start_date, behind a - for the greatest first
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if l.Limit < 1 || l.Limit > maxLimit {
		wrong.Add("limit", "must be a whole number from 1 to 100")
	}
	if column := l.column(); column != "id" && column != "start_date" {
		wrong.Add("sort", "must be id or start_date, behind a - for the greatest first")
	}
	return wrong
}

func (l *listing) column() string { return strings.TrimPrefix(l.Sort, "-") }

// name says what list it is that a cursor is a place in: another size of the page is another page of the same list.
func (l *listing) name() string { return "events\x00" + l.Sort }

// position is where a page ends: its last row.
type position struct {
	StartDate time.Time `json:"start_date"`
	ID        int64     `json:"id"`
}

// list returns the page of the list behind the position, and one row more if there is one.
func list(ctx context.Context, db *gorm.DB, request listing, after *position) ([]Event, error) {
	var events []Event
	if err := listQuery(db.WithContext(ctx), request, after).Find(&events).Error; err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return events, nil
}

func listQuery(db *gorm.DB, request listing, after *position) *gorm.DB {
	operator, direction := ">", ""
	if strings.HasPrefix(request.Sort, "-") {
		operator, direction = "<", " DESC"
	}
	query := db.Model(&Event{}).Limit(request.Limit + 1)
	if request.column() == "id" {
		if after != nil {
			query = query.Where("id "+operator+" ?", after.ID)
		}
		return query.Order("id" + direction)
	}
	if after != nil {
		query = query.Where("(start_date, id) "+operator+" (?, ?)", after.StartDate, after.ID)
	}
	return query.Order("start_date" + direction).Order("id" + direction)
}
