package users

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// Update changes what the request names of the signed-in user: 200 with a session. Another address or password ends all
// tokens but the one in the answer.
func (a *API) Update(c *gin.Context) error {
	request := change{current: Current(c).Email, rules: a.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	ctx := c.Request.Context()
	var secret User // hashed before the row is locked, since that takes long
	if request.Password != "" {
		if err := secret.SetPassword(ctx, a.passwords, request.Password); err != nil {
			return err
		}
	}
	user, err := a.update(c, request, secret.PasswordHash)
	if err != nil {
		return err
	}
	a.outbox.Wake()
	return a.signIn(c, http.StatusOK, user)
}

// update applies the change to the row as it is now, which is locked meanwhile: of two changes at once, both hold.
func (a *API) update(c *gin.Context, request change, hash string) (*User, error) {
	ctx, current := c.Request.Context(), Current(c)
	var user *User
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if user, err = lock(tx, current.ID, current.TokenGeneration); err != nil {
			return err
		}
		moved := request.apply(user, hash)
		if err := save(tx, user); err != nil {
			return err
		}
		if moved {
			err = errors.Join(a.requestMail(ctx, tx, verifyEmailMail, user.Email), a.record(c, tx, audit.EmailChanged, user.ID))
		}
		if hash != "" {
			err = errors.Join(err, voidCode(ctx, tx, user.ID, resetPassword), a.record(c, tx, audit.PasswordChanged, user.ID))
		}
		return err
	})
	switch {
	case errors.Is(err, errNoUser):
		return nil, fmt.Errorf("%w: %w, or all tokens were ended", utils.ErrNotAuthenticated, err)
	case errors.Is(err, gorm.ErrDuplicatedKey) && emailTaken(ctx, a.db, user.ID, user.Email):
		return nil, fmt.Errorf("%w: %w", utils.ErrEmailInUse, err)
	case err != nil:
		return nil, fmt.Errorf("update a user: %w", err)
	}
	return user, nil
}

// Delete deletes the signed-in user's account and ends its tokens: 200 with nothing. The address is free again.
func (a *API) Delete(c *gin.Context) error {
	ctx, id := c.Request.Context(), Current(c).ID
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return errors.Join(remove(ctx, tx, id), a.record(c, tx, audit.Deleted, id))
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}
