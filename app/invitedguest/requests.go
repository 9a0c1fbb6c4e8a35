package invitedguest

import (
	"fmt"
	"strings"

	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const (
	maxRole = 50 // characters, as the column counts them
	maxTags = 50 // that a guest can be invited with
)

// invitation is the body of POST /api/v1/invitedGuest.
type invitation struct {
	EventID  int64   `json:"event_id"`
	Email    string  `json:"email"`
	Role     string  `json:"role"`
	TagIDs   []int64 `json:"tag_ids"`
	Language string  `json:"language"`
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *invitation) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	person := users.Person{Email: r.Email, Language: r.Language}
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	r.Email = person.Email
	wrong.Add("role", checkRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

// creation is the body of POST /api/v1/invitedGuest/create: also what the guest is called.
type creation struct {
	EventID      int64   `json:"event_id"`
	Email        string  `json:"email"`
	Firstname    string  `json:"firstname"`
	Lastname     string  `json:"lastname"`
	UserTitle    string  `json:"user_title"`
	Language     string  `json:"language"` // of the guest too
	PolicyAgreed bool    `json:"policy_agreed"`
	Role         string  `json:"role"`
	TagIDs       []int64 `json:"tag_ids"`
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *creation) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	person := r.person()
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	r.Email = person.Email
	wrong.Add("role", checkRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

func (r *creation) person() users.Person {
	return users.Person{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
		PolicyAgreed: r.PolicyAgreed,
	}
}

// oneGuest names a guest of an event.
type oneGuest struct {
	EventID int64 `json:"event_id"`
	GuestID int64 `json:"invited_guest_id"`
}

// Validate implements utils.Validator.
func (r *oneGuest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	wrong.Add("invited_guest_id", utils.CheckID(r.GuestID))
	return wrong
}

// oneEvent names an event.
type oneEvent struct {
	EventID int64 `json:"event_id"`
}

// Validate implements utils.Validator.
func (r *oneEvent) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	return wrong
}

// oneTag names a tag of a guest.
type oneTag struct {
	EventID  int64  `json:"event_id"`
	TagID    int64  `json:"tag_id"`
	GuestID  int64  `json:"invited_guest_id"`
	Language string `json:"language"`
}

// Validate implements utils.Validator.
func (r *oneTag) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	wrong.Add("tag_id", utils.CheckID(r.TagID))
	wrong.Add("invited_guest_id", utils.CheckID(r.GuestID))
	return wrong
}

// The checks below return what is wrong, in words that follow the field's name, or nothing.

func checkRole(role string) string {
	if strings.TrimSpace(role) == "" {
		return "is required"
	}
	return text.CheckLine(role, maxRole)
}

func checkTags(ids []int64) string {
	if len(ids) > maxTags {
		return fmt.Sprintf("must be at most %d", maxTags)
	}
	for _, id := range ids {
		if problem := utils.CheckID(id); problem != "" {
			return "must be whole numbers greater than 0"
		}
	}
	return ""
}
