package events

import (
	"slices"
	"strings"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// roleQuery is the query of GET /api/v1/event-roles.
type roleQuery struct {
	EventID int64 `json:"event_id"`
}

// Validate implements utils.Validator.
func (q *roleQuery) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(q.EventID))
	return wrong
}

// roleBody is the request of POST /api/v1/event-roles, and of DELETE unless it names the role by its id. The user is
// named by id or by address.
type roleBody struct {
	EventID int64  `json:"event_id"`
	UserID  int64  `json:"user_id"`
	Email   string `json:"email"`
	Role    string `json:"role"`

	roles []string // those allowed; nil: any, since a role that no longer exists can still be revoked
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (b *roleBody) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(b.EventID))
	switch {
	case b.Email == "":
		wrong.Add("user_id", utils.CheckID(b.UserID))
	case b.UserID != 0:
		wrong.Add("email", "must not be combined with user_id")
	default:
		canonical, err := text.CanonicalEmail(b.Email)
		if err != nil {
			wrong.Add("email", err.Error())
		}
		b.Email = canonical
	}
	switch {
	case b.Role == "":
		wrong.Add("role", "is required")
	case b.roles != nil && !slices.Contains(b.roles, b.Role):
		wrong.Add("role", "must be one of "+strings.Join(b.roles, ", "))
	}
	return wrong
}

// Subject implements utils.Subject: the event.
func (b *roleBody) Subject() int64 { return b.EventID }

func (b *roleBody) assignment() Assignment {
	return Assignment{EventID: b.EventID, UserID: b.UserID, Email: b.Email, Role: b.Role}
}

// revocation is the request of DELETE /api/v1/event-roles.
type revocation struct {
	roleBody

	RoleID *int64 `json:"event_role_id"` // from the list of roles, instead of user and role
}

// Validate implements utils.Validator.
func (r *revocation) Validate() utils.FieldErrors {
	if r.RoleID == nil {
		return r.roleBody.Validate()
	}
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	wrong.Add("event_role_id", utils.CheckID(*r.RoleID))
	if r.UserID != 0 || r.Email != "" || r.Role != "" {
		wrong.Add("event_role_id", "must not be combined with user_id, email or role")
	}
	return wrong
}
