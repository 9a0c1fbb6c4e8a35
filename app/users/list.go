package users

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// List answers a page of the users: 200 with a page.
func (a *API) List(c *gin.Context) error {
	request := listing{Limit: defaultLimit, Sort: defaultSort}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	after, err := utils.DecodeCursor[position](a.service.cursors, request.name(), request.Cursor)
	if err != nil {
		return err
	}
	found, err := list(c.Request.Context(), a.service.db, request, after)
	if err != nil {
		return err
	}
	answer := page{Users: []listed{}}
	if len(found) > request.Limit { // one more is asked for than answered
		found = found[:request.Limit]
		next, err := a.service.cursors.Encode(request.name(), found[len(found)-1].position(request.column()))
		if err != nil {
			return err
		}
		answer.NextCursor = &next
	}
	for _, row := range found {
		answer.Users = append(answer.Users, newListed(row))
	}
	c.JSON(http.StatusOK, answer)
	return nil
}

const (
	defaultLimit = 50
	maxLimit     = 100
	maxSearch    = 100
	defaultSort  = "id"
)

// sortColumns are the fields that a list can be sorted by, and the columns behind them. Every column has an index in
// which the id follows it, for rows that are equal in it.
var sortColumns = map[string]string{
	"id":         "id",
	"email":      "search_key", // which begins with it
	"lastname":   "lastname_key",
	"created_at": "created_at",
}

// listing is the query of GET /api/v1/users.
type listing struct {
	Limit  int    `json:"limit"`
	Cursor string `json:"cursor"`
	Q      string `json:"q"`
	Sort   string `json:"sort"` // a key of sortColumns, behind a - for the greatest first
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if l.Limit < 1 || l.Limit > maxLimit {
		wrong.Add("limit", "must be a whole number from 1 to 100")
	}
	wrong.Add("q", text.CheckLine(l.Q, maxSearch))
	if l.column() == "" {
		wrong.Add("sort", "must be id, email, lastname or created_at, behind a - for the greatest first")
	}
	return wrong
}

func (l *listing) column() string { return sortColumns[strings.TrimPrefix(l.Sort, "-")] }

func (l *listing) descending() bool { return strings.HasPrefix(l.Sort, "-") }

// name says what list it is that a cursor is a place in: another size of the page is another page of the same list.
func (l *listing) name() string { return "users\x00" + l.Sort + "\x00" + l.Q }
