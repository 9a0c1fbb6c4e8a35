package users

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guestlist/app/secrets"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// API is the handlers of this feature: they decode, authorise, call the Service and answer.
type API struct {
	service *Service
	cursors *secrets.Cursors
}

// NewAPI returns the handlers on a Service. The cursors of lists are signed with cursors.
func NewAPI(service *Service, cursors *secrets.Cursors) *API { return &API{service, cursors} }

// Register creates an account and signs it in: 201 with a session.
func (a *API) Register(c *gin.Context) error {
	request := registration{rules: a.service.rules, hasPolicy: a.service.hasPolicy}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	session, err := a.service.Register(c.Request.Context(), Actor(c), request.person(), request.Password)
	return answerSession(c, http.StatusCreated, session, err)
}

// Read returns the signed-in user: 200 with a profile.
func (a *API) Read(c *gin.Context) error {
	c.JSON(http.StatusOK, newProfile(Current(c)))
	return nil
}

// Update changes the fields of the signed-in user that are in the request: 200 with a session. A new address or
// password ends all tokens but the one in the response.
func (a *API) Update(c *gin.Context) error {
	request := change{current: Current(c).Email, rules: a.service.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	session, err := a.service.Update(c.Request.Context(), Actor(c), Current(c), request.change())
	return answerSession(c, http.StatusOK, session, err)
}

// AgreeToPolicy notes that the signed-in user agrees to the privacy policy, now or once more: 200 with {}.
func (a *API) AgreeToPolicy(c *gin.Context) error {
	var request agreement
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.service.AgreeToPolicy(c.Request.Context(), Current(c).ID); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Delete deletes the signed-in user's account: 200 with {}.
func (a *API) Delete(c *gin.Context) error {
	if err := a.service.Delete(c.Request.Context(), Actor(c)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// Authenticate returns a token for an address and its password: 200 with a session. Every failure has the same response
// at the same cost, whether there is such an account or not.
func (a *API) Authenticate(c *gin.Context) error {
	var request credentials
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	session, err := a.service.Authenticate(c.Request.Context(), Actor(c), request.Email, request.Password)
	return answerSession(c, http.StatusOK, session, err)
}

// Refresh returns a new token for one that is still valid, which stays valid: 200 with a session.
func (a *API) Refresh(c *gin.Context) error {
	session, err := a.service.Refresh(c.Request.Context(), Current(c))
	return answerSession(c, http.StatusOK, session, err)
}

// answerSession writes a session, unless err is the reason why there is none.
func answerSession(c *gin.Context, status int, session Session, err error) error {
	if session.Warning != nil {
		_ = c.Error(session.Warning)
	}
	if err != nil {
		return err
	}
	utils.LogUser(c, session.User.ID)
	c.JSON(status, newSessionResponse(session))
	return nil
}

// Logout ends the token of the request, or every token of the user: 200 with {}.
func (a *API) Logout(c *gin.Context) error {
	var request logout
	if err := utils.DecodeOptional(c, &request); err != nil {
		return err
	}
	if err := a.service.Logout(c.Request.Context(), Actor(c), current(c).claims, request.Everywhere); err != nil {
		return err
	}
	c.JSON(http.StatusOK, empty{})
	return nil
}

// RequestPasswordReset mails a code for setting a new password: 201 with {}, whether there is such an account or
// not.
func (a *API) RequestPasswordReset(c *gin.Context) error {
	var request resetRequest
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	if err := a.service.RequestPasswordReset(c.Request.Context(), request.Email); err != nil {
		return err
	}
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// ConfirmPasswordReset sets a new password with a mailed code: 201 with {}. All tokens of the user end.
func (a *API) ConfirmPasswordReset(c *gin.Context) error {
	request := resetConfirmation{rules: a.service.rules}
	if err := utils.Decode(c, &request); err != nil {
		return err
	}
	userID, err := a.service.ConfirmPasswordReset(c.Request.Context(), Actor(c), request.Code, request.Password)
	if err != nil {
		return err
	}
	utils.LogUser(c, userID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// VerifyEmail verifies an address with the code that was mailed there: 201 with {}, however often the link is opened.
func (a *API) VerifyEmail(c *gin.Context) error {
	userID, err := a.service.VerifyEmail(c.Request.Context(), Actor(c), c.Query("token"))
	if err != nil {
		return err
	}
	utils.LogUser(c, userID)
	c.JSON(http.StatusCreated, empty{})
	return nil
}

// ResendVerification mails another code to an address that is not verified yet: 201 with {}, whatever the address.
func (a *API) ResendVerification(c *gin.Context) error {
	if email, err := text.CanonicalEmail(c.Query("email")); err == nil {
		if err := a.service.ResendVerification(c.Request.Context(), email); err != nil {
			return err
		}
	}
	c.JSON(http.StatusCreated, empty{})
	return nil
}
