package users

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// List returns users: 200 with a page.
func (a *API) List(c *gin.Context) error {
	request := listing{ListQuery: utils.NewListQuery()}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	page, err := request.Page(a.cursors, request.name())
	if err != nil {
		return err
	}
	found, err := a.service.list(c.Request.Context(), page, request.filter())
	if err != nil {
		return err
	}
	found, next, err := utils.EndPage(page, found, (*listRow).position)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newUserPage(found, next))
	return nil
}

const (
	maxLimit  = 100
	maxSearch = 100
)

// listOrders are the sort fields of the list.
var listOrders = []string{"id", "email", "lastname", "created_at"}

// listing is the query of GET /api/v1/users.
type listing struct {
	utils.ListQuery

	Q        string `json:"q"`
	Verified string `json:"verified"` // true or false; empty: both
	Blocked  string `json:"blocked"`
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	l.Check(&wrong, maxLimit, listOrders...)
	wrong.Add("q", text.CheckLine(l.Q, maxSearch))
	for name, value := range map[string]string{"verified": l.Verified, "blocked": l.Blocked} {
		if value != "" && value != "true" && value != "false" {
			wrong.Add(name, "must be true or false")
		}
	}
	return wrong
}

func (l *listing) filter() filter {
	return filter{Q: l.Q, Verified: optionalBool(l.Verified), Blocked: optionalBool(l.Blocked)}
}

// optionalBool parses "true" and "false", and returns nil for an empty value.
func optionalBool(value string) *bool {
	if value == "" {
		return nil
	}
	return new(value == "true")
}

// name identifies the list to which a cursor belongs.
func (l *listing) name() string {
	return strings.Join([]string{"users", ListKeys, string(l.Sort), l.Q, l.Verified, l.Blocked}, "\x00")
}
