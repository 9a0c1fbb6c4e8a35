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
	maxTags = 50

	maxComment = 1000 // characters
)

// inviteRequest is the body of POST /api/v1/invitedGuest.
type inviteRequest struct {
	EventID  int64   `json:"event_id"`
	Email    string  `json:"email"`
	Role     string  `json:"role"`
	TagIDs   []int64 `json:"tag_ids"`
	Language string  `json:"language"`
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *inviteRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	person := users.Person{Email: r.Email, Language: r.Language}
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	r.Email = person.Email
	wrong.Add("role", CheckRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *inviteRequest) Subject() int64 { return r.EventID }

// createRequest is the body of POST /api/v1/invitedGuest/create.
type createRequest struct {
	EventID      int64   `json:"event_id"`
	Email        string  `json:"email"`
	Firstname    string  `json:"firstname"`
	Lastname     string  `json:"lastname"`
	UserTitle    string  `json:"user_title"`
	Language     string  `json:"language"`
	PolicyAgreed bool    `json:"policy_agreed"`
	Role         string  `json:"role"`
	TagIDs       []int64 `json:"tag_ids"`
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *createRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	person := r.person()
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	r.Email = person.Email
	wrong.Add("role", CheckRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *createRequest) Subject() int64 { return r.EventID }

func (r *createRequest) person() users.Person {
	return users.Person{
		Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
		PolicyAgreed: r.PolicyAgreed, InvitedTo: r.EventID,
	}
}

// oneGuest identifies a guest of an event.
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

// Subject implements utils.Subject: the event.
func (r *oneGuest) Subject() int64 { return r.EventID }

// oneEvent identifies an event.
type oneEvent struct {
	EventID int64 `json:"event_id"`
}

// Validate implements utils.Validator.
func (r *oneEvent) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	return wrong
}

// oneTag identifies a tag of a guest.
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

// Subject implements utils.Subject: the event.
func (r *oneTag) Subject() int64 { return r.EventID }

// answerRequest is the body of POST /api/v1/invitation.
type answerRequest struct {
	Code     string  `json:"code"`
	Status   Status  `json:"status"`
	Comment  *string `json:"comment"` // to the organisers; nil: unchanged
	Language string  `json:"language"`
}

// Validate implements utils.Validator.
func (r *answerRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if r.Code == "" {
		wrong.Add("code", "is required")
	}
	wrong.Add("status", checkAnswer(r.Status))
	wrong.Add("comment", checkComment(r.Comment))
	return wrong
}

const maxReminder = 50 // characters of a reminder's name, as the column counts them

// remindRequest is the body of POST /api/v1/invitedGuest/remind.
type remindRequest struct {
	EventID  int64  `json:"event_id"`
	Reminder string `json:"reminder"` // a name; no guest is sent the same one twice
}

// Validate implements utils.Validator.
func (r *remindRequest) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(r.EventID))
	if strings.TrimSpace(r.Reminder) == "" {
		wrong.Add("reminder", "is required: a name for this reminder; no guest is sent the same one twice")
	}
	wrong.Add("reminder", text.CheckLine(r.Reminder, maxReminder))
	return wrong
}

// Subject implements utils.Subject: the event.
func (r *remindRequest) Subject() int64 { return r.EventID }

// The checks below return what is wrong, in words that follow the field's name, or "".

// CheckRole returns what is wrong with a guest's role, in words that follow the field's name, or "".
func CheckRole(role string) string {
	if strings.TrimSpace(role) == "" {
		return "is required"
	}
	return text.CheckLine(role, maxRole)
}

func checkTags(ids []int64) string {
	if len(ids) > maxTags {
		return fmt.Sprintf("must list at most %d tags", maxTags)
	}
	for _, id := range ids {
		if problem := utils.CheckID(id); problem != "" {
			return "must be whole numbers greater than 0"
		}
	}
	return ""
}

// checkComment returns what is wrong with a comment. It replaces the CR LF that forms send (RFC 7578, 4.8) with line
// feeds, and trims the comment.
func checkComment(comment *string) string {
	if comment == nil {
		return ""
	}
	*comment = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(*comment))
	return text.CheckParagraphs(*comment, maxComment)
}

func checkStatus(status Status) string {
	if status != Invited && checkAnswer(status) != "" {
		return "must be invited, accepted or declined"
	}
	return ""
}

func checkAnswer(status Status) string {
	if status != Accepted && status != Declined {
		return "must be accepted or declined"
	}
	return ""
}
