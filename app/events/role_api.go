package events

import (
	"errors"
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
	c.JSON(http.StatusOK, newRoles(roles))
	return nil
}

// answerRoles writes the roles in an event after a change: 200 with a list, which is empty for a caller who may not
// read it, such as one who has just given up the role that allowed it.
func (a *API) answerRoles(c *gin.Context, eventID int64) error {
	roles, err := a.service.ListRoles(c.Request.Context(), users.Current(c), eventID)
	if err != nil && !errors.Is(err, utils.ErrForbidden) {
		return err
	}
	c.JSON(http.StatusOK, newRoles(roles))
	return nil
}

// Grant gives a user a role in an event: 200 with the list of all roles there.
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
	if _, err := a.service.Grant(ctx, users.Actor(c), caller, body.assignment()); err != nil {
		return err
	}
	return a.answerRoles(c, body.EventID)
}

// Revoke takes a role in an event away from a user, for those who may grant it and for the user: 200 with the list of
// all roles there, as far as the caller may still read it.
func (a *API) Revoke(c *gin.Context) error {
	var body revocation
	ctx, caller := c.Request.Context(), users.Current(c)
	// Everyone may give up a role: who may do it is known when the body is.
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
	if err := a.service.Revoke(ctx, users.Actor(c), caller, unwanted); err != nil {
		return err
	}
	return a.answerRoles(c, body.EventID)
}
