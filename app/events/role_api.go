package events

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// ListRoles returns the roles in an event, for callers who may grant any role there: 200 with a list.
func (a *API) ListRoles(c *gin.Context) error {
	var query roleQuery
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	roles, err := a.service.ListRoles(c.Request.Context(), users.Current(c), query.EventID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newRoles(roles))
	return nil
}

// Grant grants a user a role in an event: 200 with the event's roles.
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
	roles, err := a.service.Grant(ctx, users.Actor(c), caller, body.assignment())
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newRoles(roles))
	return nil
}

// Revoke revokes a user's role in an event, for callers who may grant it and for the user: 200 with the event's roles,
// which is an empty list for a caller who may no longer read it.
func (a *API) Revoke(c *gin.Context) error {
	var body revocation
	ctx, caller := c.Request.Context(), users.Current(c)
	// Users may give up their own roles, so permission depends on the body.
	permission := utils.Permission{Some: func() error { return a.service.authoriseSomeRole(ctx, caller) }}
	if err := utils.DecodePermittedOptional(c, &body, permission); err != nil {
		return err
	}
	unwanted := body.assignment()
	if body.RoleID != nil {
		var err error
		if unwanted, err = a.service.byID(ctx, caller, body.EventID, *body.RoleID); err != nil {
			return err
		}
	}
	roles, err := a.service.Revoke(ctx, users.Actor(c), caller, unwanted)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newRoles(roles))
	return nil
}
