package users

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// ReadOne returns the user with the id in the path: 200 with the user as in a page.
func (a *API) ReadOne(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	user, err := a.service.Get(c.Request.Context(), id)
	return writeListed(c, user, err)
}

// Verify vouches for the address of the user with the id in the path: 200 with the user.
func (a *API) Verify(c *gin.Context) error { return manage(c, a.service.Verify) }

// Block blocks the user with the id in the path: 200 with the user.
func (a *API) Block(c *gin.Context) error { return manage(c, a.service.Block) }

// Unblock unblocks the user with the id in the path: 200 with the user.
func (a *API) Unblock(c *gin.Context) error { return manage(c, a.service.Unblock) }

// management is an administrator's change to the user with the id.
type management func(ctx context.Context, actor audit.Actor, id int64) (user *User, changed bool, err error)

func manage(c *gin.Context, do management) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	user, _, err := do(c.Request.Context(), Actor(c), id)
	return writeListed(c, user, err)
}

// pathID returns the id in the path, or utils.ErrUserNotFound if no user can have it.
func pathID(c *gin.Context) (int64, error) {
	text := c.Param("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || strconv.FormatInt(id, 10) != text {
		return 0, fmt.Errorf("%w: the path has no id", utils.ErrUserNotFound)
	}
	return id, nil
}

// writeListed writes the user, or returns err.
func writeListed(c *gin.Context, user *User, err error) error {
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newListedUser(rowOf(user)))
	return nil
}
