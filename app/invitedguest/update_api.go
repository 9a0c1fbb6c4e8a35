package invitedguest

import (
	"github.com/gin-gonic/gin"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// updateRequest is the body of PUT /api/v1/invitedGuest. Members that are absent or null, and an empty role, status or
// language, leave the value unchanged: forms send empty fields.
type updateRequest struct {
	EventID   int64   `json:"event_id"`
	GuestID   int64   `json:"invited_guest_id"`
	Role      string  `json:"role"`
	Status    Status  `json:"status"`
	TagIDs    []int64 `json:"tag_ids"`
	Email     *string `json:"email"`
	Firstname *string `json:"firstname"`
	Lastname  *string `json:"lastname"`
	UserTitle *string `json:"user_title"`
	Language  string  `json:"language"` // of the guest
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *updateRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	wrong.Add("invited_guest_id", utils.CheckID(r.GuestID))
	if r.Role != "" {
		wrong.Add("role", CheckRole(r.Role))
	}
	if r.Status != "" {
		wrong.Add("status", checkStatus(r.Status))
	}
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	correction := r.correction()
	for field, problem := range correction.Validate() {
		wrong.Add(field, problem)
	}
	r.Email = correction.Email
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *updateRequest) Subject() int64 { return r.EventID }

func (r *updateRequest) correction() users.Correction {
	return users.Correction{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
	}
}

func (r *updateRequest) change() Changes {
	return Changes{Role: r.Role, Status: r.Status, TagIDs: r.TagIDs, Person: r.correction()}
}

// Update changes a guest: 200 with the guest.
func (a *API) Update(c *gin.Context) error {
	var request updateRequest
	if err := utils.DecodePermitted(c, &request, a.permission(c)); err != nil {
		return err
	}
	g, tag, err := a.service.Update(c.Request.Context(), users.Actor(c), request.EventID, request.GuestID,
		request.change(), users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	return respond(c, g, tag)
}
