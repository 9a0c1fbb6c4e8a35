package events

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// ListRoles returns who may do what in an event, for those who may grant anything there: 200 with a list.
func (a *API) ListRoles(c *gin.Context) error {
	var query roleQuery
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	roles, err := a.service.ListRoles(c.Request.Context(), users.Current(c), query.EventID)
	if err != nil {
		return err
	}
	result := make([]roleResponse, len(roles))
	for i := range roles {
		result[i] = newRoleResponse(&roles[i])
	}
	c.JSON(http.StatusOK, result)
	return nil
}

// Grant gives a user a role in an event: 201 with the role.
func (a *API) Grant(c *gin.Context) error {
	body := roleBody{roles: a.service.roles}
	ctx, caller := c.Request.Context(), users.Current(c)
	permission := utils.Permission{
		Member: "event_id",
		For:    func(eventID int64) error { return a.service.authoriseAnyGrant(ctx, caller, eventID) },
		Some:   func() error { return a.service.authoriseSomeGrant(ctx, caller) },
	}
	if err := utils.DecodePermitted(c, &body, permission); err != nil {
		return err
	}
	role, err := a.service.Grant(ctx, users.Actor(c), caller, body.assignment())
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, newRoleResponse(role))
	return nil
}

// Revoke takes a role in an event away from a user, for those who may grant it and for the user: 200 with nothing.
func (a *API) Revoke(c *gin.Context) error {
	var body roleBody
	ctx, caller := c.Request.Context(), users.Current(c)
	// Everyone may give up a role: who may do it is known when the body is.
	permission := utils.Permission{Some: func() error { return a.service.authoriseSomeRole(ctx, caller) }}
	if err := utils.DecodePermittedOptional(c, &body, permission); err != nil {
		return err
	}
	err := a.service.Revoke(ctx, users.Actor(c), caller, body.assignment())
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}
