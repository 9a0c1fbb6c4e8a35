package invitedguest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"guestlist/app/table"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Candidate is a person to be invited, one of many.
type Candidate struct {
	Email     string  `json:"email"`
	Firstname string  `json:"firstname"`
	Lastname  string  `json:"lastname"`
	UserTitle string  `json:"user_title"`
	Language  string  `json:"language"`
	Role      string  `json:"role"`
	TagIDs    []int64 `json:"tag_ids"`

	row      int               // in a table; else 0
	tagNames []string          // of a table without tag_ids
	wrong    utils.FieldErrors // what kept it from being read
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *Candidate) Validate() utils.FieldErrors {
	wrong := r.wrong
	person := r.person(0)
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	if wrong["email"] == "" {
		r.Email = person.Email
	}
	wrong.Add("role", checkRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

func (r *Candidate) person(eventID int64) users.Person {
	return users.Person{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
		InvitedTo: eventID,
	}
}

// parseObject reads a candidate from a JSON object. One that cannot be read becomes a candidate whose errors say so.
func parseObject(object jsontext.Value) (r Candidate) {
	if object.Kind() != '{' {
		r.wrong.Add("guest", "must be an object")
		return r
	}
	err := utils.DecodeJSON(object, (*unchecked)(&r))
	if fields, ok := errors.AsType[utils.FieldErrors](err); ok {
		r.wrong = fields
	} else if err != nil {
		r.wrong.Add("guest", "must be an object")
	}
	r.bound()
	return r
}

// bound leaves out what is longer than any valid value, so that a report, which repeats what it was sent, is not.
func (r *Candidate) bound() {
	for field, value := range map[string]*string{
		"email": &r.Email, "firstname": &r.Firstname, "lastname": &r.Lastname, "user_title": &r.UserTitle,
		"language": &r.Language, "role": &r.Role,
	} {
		if len(*value) > table.MaxCell {
			r.wrong.Add(field, fmt.Sprintf("must have at most %d bytes", table.MaxCell))
			*value = ""
		}
	}
	if len(r.TagIDs) > maxTags {
		r.TagIDs = slices.Clone(r.TagIDs[:maxTags+1]) // one too many is as wrong
	}
}

// unchecked is a candidate that is only read; it is validated with all others later.
type unchecked Candidate

// Validate implements utils.Validator.
func (*unchecked) Validate() utils.FieldErrors { return nil }
