package events

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// ListRoles answers who may do what in an event, for those who may grant anything there: 200 with a list.
func (a *API) ListRoles(c *gin.Context) error {
	var query roleQuery
	if err := utils.DecodeQuery(c, &query); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if err := a.authorise(ctx, a.db, users.Current(c), query.EventID, lowest); err != nil {
		return err
	}
	rows, err := listRoles(ctx, a.db, query.EventID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, rows)
	return nil
}

// Grant gives a user a role in an event: 201 with the role.
func (a *API) Grant(c *gin.Context) error {
	body := roleBody{roles: a.roles}
	if err := utils.Decode(c, &body); err != nil {
		return err
	}
	ctx := c.Request.Context()
	var user *users.User
	var role *Role
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if _, err := lock(tx, body.EventID); err != nil {
			return err
		}
		if err := a.authorise(ctx, tx, users.Current(c), body.EventID, body.Role); err != nil {
			return err
		}
		if user, err = body.user(ctx, tx); err != nil {
			return err
		}
		role, err = a.grant(c, tx, body.EventID, user, body.Role)
		return err
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, held{role.ID, role.EventID, role.Role, holder{
		user.ID, user.Email, user.Firstname, user.Lastname, user.UserTitle,
	}})
	return nil
}

// Revoke takes a role in an event away from a user, as whoever may grant it can, and the user too: 200 with nothing. The
// event's row is locked meanwhile, so that of the last two administrators who go at once, one stays.
func (a *API) Revoke(c *gin.Context) error {
	var body roleBody
	if err := utils.DecodeBodyOrQuery(c, &body); err != nil {
		return err
	}
	ctx, current := c.Request.Context(), users.Current(c)
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if _, err := lock(tx, body.EventID); err != nil {
			return err
		}
		if body.UserID != current.ID && body.Email != current.Email {
			if err := a.authorise(ctx, tx, current, body.EventID, body.Role); err != nil {
				return err
			}
		}
		user, err := body.user(ctx, tx)
		if err != nil {
			return err
		}
		if err := revoke(tx, body.EventID, user.ID, body.Role); err != nil {
			return err
		}
		return a.record(c, tx, audit.RoleRemoved, body.EventID, user.ID, body.Role)
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// authorise returns nil if the user may grant the role in the event, else utils.ErrForbidden or utils.ErrEventNotFound.
func (*API) authorise(ctx context.Context, db *gorm.DB, user *users.User, eventID int64, role string) error {
	holds, err := rolesIn(ctx, db, user.ID, eventID)
	if err != nil {
		return err
	}
	if !user.IsAdmin && !mayGrant(holds, role) {
		return fmt.Errorf("%w: no role in the event above the one in question", utils.ErrForbidden)
	}
	return nil
}

// grant stores a role and who gave it.
func (a *API) grant(c *gin.Context, tx *gorm.DB, eventID int64, user *users.User, role string) (*Role, error) {
	row := &Role{EventID: eventID, UserID: user.ID, Role: role}
	if err := grant(tx, row); err != nil {
		return nil, err
	}
	return row, a.record(c, tx, audit.RoleGranted, eventID, user.ID, role)
}

func (*API) record(c *gin.Context, tx *gorm.DB, kind audit.Kind, eventID, userID int64, role string) error {
	event := audit.From(c, kind, userID).By(users.Current(c).ID).With(map[string]any{"event_id": eventID, "role": role})
	return audit.Record(c.Request.Context(), tx, event)
}

// user returns whom the request names, or utils.ErrUserNotFound.
func (b *roleBody) user(ctx context.Context, db *gorm.DB) (*users.User, error) {
	if b.Email != "" {
		return users.FindByEmail(ctx, db, b.Email)
	}
	return users.Find(ctx, db, b.UserID)
}
