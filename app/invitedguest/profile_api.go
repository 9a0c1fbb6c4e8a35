package invitedguest

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// ListProfiles returns the profiles of all guests of an event: 200 with a list.
func (a *API) ListProfiles(c *gin.Context) error {
	var request oneEvent
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	return a.listAll(c, listing{ListQuery: utils.NewListQuery(), EventID: request.EventID, Format: formatProfiles})
}

// ReadProfile returns the profile of a guest of any event that the caller administers: 200. For all other user IDs the
// response is 404, whether the user exists or not.
func (a *API) ReadProfile(c *gin.Context) error {
	var request oneUser
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	g, err := a.service.FindOfUser(c.Request.Context(), users.Current(c), request.UserID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newProfile(&g))
	return nil
}

// oneUser is the query of GET /api/v1/userprofile.
type oneUser struct {
	UserID int64 `json:"user_id"`
}

// Validate implements utils.Validator.
func (r *oneUser) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("user_id", utils.CheckID(r.UserID))
	return wrong
}

// profile is a guest in the shape of the original web client, whose members about an application are always empty.
type profile struct {
	UserID      int64      `json:"user_id"`
	Email       string     `json:"email"`
	Firstname   string     `json:"firstname"`
	Lastname    string     `json:"lastname"`
	UserTitle   string     `json:"user_title"`
	ResponseID  int64      `json:"response_id"`         // noApplication
	Submitted   *bool      `json:"is_submitted"`        // null
	SubmittedAt *time.Time `json:"submitted_timestamp"` // null
	Withdrawn   *bool      `json:"is_withdrawn"`        // null
	WithdrawnAt *time.Time `json:"withdrawn_timestamp"` // null
	Type        string     `json:"type"`
}

const (
	noApplication = -1
	guestProfile  = "Invited Guest"
)

func newProfile(g *Guest) profile {
	u := g.User
	return profile{
		UserID: u.UserID, Email: u.Email, Firstname: u.Firstname, Lastname: u.Lastname, UserTitle: u.UserTitle,
		ResponseID: noApplication, Type: guestProfile,
	}
}
