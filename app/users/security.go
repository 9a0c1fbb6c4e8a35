package users

import (
	"errors"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// account is what the limits know an account by: the canonical address, or a text that is no address as it is.
func account(email string) string {
	canonical, err := text.CanonicalEmail(email)
	if err != nil {
		return email
	}
	return canonical
}

// registered is what is stored along with a new user who registers.
func (a *API) registered(c *gin.Context) func(*gorm.DB, *User) error {
	return func(tx *gorm.DB, user *User) error {
		return errors.Join(
			audit.Record(c.Request.Context(), tx, audit.From(c, audit.Registered, user.ID).By(user.ID)),
			a.logins.Know(tx, account(user.Email), utils.Client(c)),
		)
	}
}

// accept notes that the password was right. It fails with utils.ErrEmailNotVerified, which only who knows the password is
// told, where the address has to be verified and is not.
func (a *API) accept(c *gin.Context, user *User, attempt *limits.Attempt) error {
	ctx, kind := c.Request.Context(), audit.SignedIn
	verified := user.VerifiedAt != nil || !a.requireVerified
	if !verified {
		kind = audit.SignInUnverified
	}
	err := a.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return errors.Join(
			attempt.Succeeded(tx),
			audit.Record(ctx, tx, audit.From(c, kind, user.ID).By(user.ID)),
		)
	})
	if err == nil && !verified {
		return utils.ErrEmailNotVerified
	}
	return err
}

// record keeps what the user has done to the account.
func (a *API) record(c *gin.Context, tx *gorm.DB, kind audit.Kind, userID int64) error {
	return audit.Record(c.Request.Context(), tx, audit.From(c, kind, userID).By(userID))
}

// refuse notes that the password was wrong, for addresses that nobody has too, so that it takes the same time, and returns
// the answer.
func (a *API) refuse(c *gin.Context, user *User, attempt *limits.Attempt) error {
	event := audit.From(c, audit.SignInRefused, user.ID)
	if attempt.Delay > 0 {
		event.Kind = audit.SignInLimited
		event = event.With(map[string]any{"delay": attempt.Delay.String()})
	}
	if err := audit.Record(c.Request.Context(), a.db, event); err != nil {
		return err
	}
	return utils.ErrInvalidCredentials
}
