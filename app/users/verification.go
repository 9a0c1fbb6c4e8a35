package users

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// VerifyEmail notes that an address is its user's, for who shows the code that was mailed there: 201 with {}, as often as
// the link is opened.
func (a *API) VerifyEmail(c *gin.Context) error {
	ctx := c.Request.Context()
	code, err := findCode(ctx, a.db, verifyEmail, c.Query("token"))
	if err == nil {
		err = a.verify(c, code)
	}
	if errors.Is(err, errNoCode) {
		return fmt.Errorf("%w: %w", utils.ErrVerifyCodeNotValid, err)
	}
	if err != nil {
		return err
	}
	utils.LogUser(c, code.UserID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

func (a *API) verify(c *gin.Context, code *Code) error {
	if code.Email != code.User.Email {
		return fmt.Errorf("%w: it was mailed to an earlier address", errNoCode)
	}
	if code.User.VerifiedAt != nil {
		return nil
	}
	ctx := c.Request.Context()
	return a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := code.use(ctx, tx)
		if err != nil && !errors.Is(err, errNoCode) {
			return err
		}
		if err == nil {
			return errors.Join(markVerified(ctx, tx, code.UserID, code.Email), a.record(c, tx, audit.EmailVerified, code.UserID))
		}
		return a.verifiedMeanwhile(ctx, tx, code, err)
	})
}

// verifiedMeanwhile is nil if the code could not be used because the same link was opened twice at once.
func (a *API) verifiedMeanwhile(ctx context.Context, tx *gorm.DB, code *Code, err error) error {
	user, found := FindByEmail(ctx, tx, code.Email)
	if found == nil && user.ID == code.UserID && user.VerifiedAt != nil {
		return nil
	}
	return err
}

// ResendVerification mails another code to an address that is not verified yet: 201 with {}, whatever the address.
func (a *API) ResendVerification(c *gin.Context) error {
	if email, err := text.CanonicalEmail(c.Query("email")); err == nil {
		if err := a.requestMail(c.Request.Context(), a.db, verifyEmailMail, email); err != nil {
			return err
		}
		a.outbox.Wake()
	}
	c.JSON(http.StatusCreated, empty{})
	return nil
}
