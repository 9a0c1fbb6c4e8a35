package users

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/utils"
)

// RequestPasswordReset mails a code by which a new password can be set: 201 with {}, whether there is such an account or
// not, and after the same work.
func (a *API) RequestPasswordReset(c *gin.Context) error {
	var request resetRequest
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.requestMail(c.Request.Context(), a.db, passwordResetMail, request.Email); err != nil {
		return err
	}
	a.outbox.Wake()
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// ConfirmPasswordReset sets a new password for who shows a mailed code: 201 with {}. All tokens of the user end. As the
// code went to the user's address, that is verified by it.
func (a *API) ConfirmPasswordReset(c *gin.Context) error {
	request := resetConfirmation{rules: a.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	ctx := c.Request.Context()
	code, err := a.resetCode(ctx, request.Code)
	if err != nil {
		return err
	}
	if problem := a.rules.check(request.Password, code.User.Email); problem != "" {
		return utils.FieldErrors{"password": problem}
	}
	// Before the transaction: hashing takes long, and on SQLite nobody else can write meanwhile.
	if err := code.User.SetPassword(ctx, a.passwords, request.Password); err != nil {
		return err
	}
	err = a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return a.reset(c, tx, code) })
	if errors.Is(err, errNoCode) {
		return fmt.Errorf("%w: %w", utils.ErrResetCodeNotValid, err)
	}
	if err != nil {
		return err
	}
	utils.LogUser(c, code.UserID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// resetCode returns the code if it is good.
func (a *API) resetCode(ctx context.Context, text string) (*Code, error) {
	code, err := findCode(ctx, a.db, resetPassword, text)
	switch {
	case errors.Is(err, errNoCode):
		return nil, fmt.Errorf("%w: %w", utils.ErrResetCodeNotValid, err)
	case err != nil:
		return nil, err
	case code.UsedAt != nil, code.Email != code.User.Email:
		return nil, fmt.Errorf("%w: it was used, or mailed to an earlier address", utils.ErrResetCodeNotValid)
	case !a.db.NowFunc().Before(code.ExpiresAt):
		return nil, utils.ErrResetCodeExpired
	}
	return code, nil
}

// reset stores the new password of the code's user, unless the code has been used or replaced meanwhile: errNoCode.
func (a *API) reset(c *gin.Context, tx *gorm.DB, code *Code) error {
	ctx := c.Request.Context()
	if err := code.use(ctx, tx); err != nil {
		return err
	}
	if err := changePassword(ctx, tx, code.UserID, code.User.PasswordHash); err != nil {
		return err
	}
	return errors.Join(
		markVerified(ctx, tx, code.UserID, code.Email),
		a.logins.Clear(tx, code.Email, utils.Client(c)),
		a.record(c, tx, audit.PasswordReset, code.UserID),
	)
}
