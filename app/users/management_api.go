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

// ReadOne returns the user whom the path names: 200 with the user as in a page.
func (a *API) ReadOne(c *gin.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	user, err := a.service.Get(c.Request.Context(), id)
	return answerListed(c, user, err)
}

// Verify vouches for the address of the user whom the path names: 200 with the user.
func (a *API) Verify(c *gin.Context) error { return manage(c, a.service.Verify) }

// Block keeps the user whom the path names out: 200 with the user.
func (a *API) Block(c *gin.Context) error { return manage(c, a.service.Block) }

// Unblock lets the user whom the path names in again: 200 with the user.
func (a *API) Unblock(c *gin.Context) error { return manage(c, a.service.Unblock) }

// management is what an administrator does to the user with the id.
type management func(ctx context.Context, actor audit.Actor, id int64) (user *User, changed bool, err error)

func manage(c *gin.Context, do management) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	user, _, err := do(c.Request.Context(), Actor(c), id)
	return answerListed(c, user, err)
}

// pathID returns the id in the path, or utils.ErrUserNotFound if it is none that a user could have.
func pathID(c *gin.Context) (int64, error) {
	text := c.Param("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || strconv.FormatInt(id, 10) != text {
		return 0, fmt.Errorf("%w: the path has no id", utils.ErrUserNotFound)
	}
	return id, nil
}

// answerListed writes a user, unless err is the reason why there is none.
func answerListed(c *gin.Context, user *User, err error) error {
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newListed(rowOf(user)))
	return nil
}
