package invitedguest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"guestlist/app/table"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Candidate is a row of a Batch: a person to invite or, with Update, a guest to change.
type Candidate struct {
	Email     string  `json:"email"`
	Firstname string  `json:"firstname"`
	Lastname  string  `json:"lastname"`
	UserTitle string  `json:"user_title"`
	Language  string  `json:"language"`
	Role      string  `json:"role"`
	TagIDs    []int64 `json:"tag_ids"`

	// For updates.
	GuestID int64  `json:"invited_guest_id"` // 0: found by address
	Status  Status `json:"status"`

	row        int               // in a table; 0: from JSON
	given      map[string]bool   // the members of the object or the columns of the table that are present
	ownRole    bool              // whether Role is the row's own, not the batch's
	tagNames   []string          // from a table without tag_ids
	answeredAt string            // from a table: answered_at when it was exported
	wrong      utils.FieldErrors // problems found while reading
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
	wrong.Add("role", CheckRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	if r.Status != "" {
		wrong.Add("status", checkStatus(r.Status))
	}
	return wrong
}

func (r *Candidate) person(eventID int64) users.Person {
	return users.Person{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
		InvitedTo: eventID,
	}
}

// parseObject reads a candidate from a JSON value. Its errors are recorded in the candidate.
func parseObject(object jsontext.Value) (r Candidate) {
	if object.Kind() != '{' {
		r.wrong.Add("guest", "must be an object")
		return r
	}
	err := utils.DecodeJSON(object, (*uncheckedCandidate)(&r))
	if fields, ok := errors.AsType[utils.FieldErrors](err); ok {
		r.wrong = fields
	} else if err != nil {
		r.wrong.Add("guest", "must be an object")
	}
	r.ownRole, r.given = r.Role != "", membersOf(object)
	r.dropOversized()
	return r
}

// membersOf returns the names of the object's members that are not null.
func membersOf(object jsontext.Value) map[string]bool {
	members := map[string]bool{}
	in := jsontext.NewDecoder(bytes.NewReader(object))
	for _, err := in.ReadToken(); err == nil && in.PeekKind() == '"'; {
		var name jsontext.Token
		if name, err = in.ReadToken(); err == nil {
			members[name.String()] = in.PeekKind() != 'n'
			err = in.SkipValue()
		}
	}
	return members
}

// dropOversized clears values longer than any valid one, so that the report, which repeats them, stays small.
func (r *Candidate) dropOversized() {
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
		r.TagIDs = slices.Clone(r.TagIDs[:maxTags+1]) // enough to be reported as too many
	}
}

// uncheckedCandidate is decoded without validation; validate checks all candidates later.
type uncheckedCandidate Candidate

// Validate implements utils.Validator.
func (*uncheckedCandidate) Validate() utils.FieldErrors { return nil }
