package invitedguest

import (
	"cmp"
	"time"

	"guestlist/app/tags"
	"guestlist/app/utils"
)

// invitedResponse is the response to an invitation. The spelling of invitedGuest_id is the original web client's.
type invitedResponse struct {
	GuestID  int64  `json:"invitedGuest_id"`
	EventID  int64  `json:"event_id"`
	UserID   int64  `json:"user_id"`
	Role     string `json:"role"`
	Fullname string `json:"fullname"`
}

func newInvited(g *InvitedGuest) invitedResponse {
	return invitedResponse{g.ID, g.EventID, g.UserID, g.Role, g.User.Fullname()}
}

// Guest is a guest with its user and tags, as the API returns it.
type Guest struct {
	ID         int64      `json:"invited_guest_id"`
	EventID    int64      `json:"event_id"`
	User       GuestUser  `json:"user"`
	Role       string     `json:"role"`
	Status     Status     `json:"status"`
	AnsweredAt *time.Time `json:"answered_at"` // null: not answered
	Comment    string     `json:"comment"`     // from the guest to the organisers
	Tags       []Tag      `json:"tags"`
	MailStatus MailStatus `json:"mail_status"`
}

// GuestUser is the user behind a Guest.
type GuestUser struct {
	UserID    int64  `json:"user_id"`
	Email     string `json:"email"`
	Firstname string `json:"firstname"`
	Lastname  string `json:"lastname"`
	UserTitle string `json:"user_title"`
	Language  string `json:"-"` // in tables only
}

// Tag is a guest's tag in one language.
type Tag struct {
	ID          int64  `json:"id"`
	EventID     int64  `json:"event_id"`
	TagType     string `json:"tag_type"` // in upper case
	Active      bool   `json:"active"`   // always true: an inactive tag is taken from its guests
	Name        string `json:"name"`
	Description string `json:"description"`
}

func newTag(t *tags.Tag, language string) Tag {
	return Tag{t.ID, t.EventID, t.Type(), t.RemovedAt == nil, t.Name.In(language), t.Description.In(language)}
}

func newTags(found []*tags.Tag, language string) (result []Tag) {
	for _, t := range found {
		result = append(result, newTag(t, language))
	}
	return result
}

func newGuest(row *guestRow, found []Tag) Guest {
	if found == nil {
		found = []Tag{} // an empty list, not null
	}
	g := Guest{
		ID: row.ID, EventID: row.EventID, Role: row.Role, Status: row.Status, Comment: row.Comment, Tags: found,
		MailStatus: row.MailStatus,
		User:       GuestUser{row.UserID, row.Email, row.Firstname, row.Lastname, row.UserTitle, row.PrimaryLanguage},
	}
	g.AnsweredAt = utc(row.AnsweredAt)
	return g
}

// removedResponse is the response to the removal of a guest.
type removedResponse struct {
	GuestID int64 `json:"invited_guest_id"`
}

// empty is the response {}.
type empty struct{}

// answerResponse is the response to POST /api/v1/invitation.
type answerResponse struct {
	GuestID   int64      `json:"invited_guest_id"`
	EventID   int64      `json:"event_id"`
	EventName string     `json:"event_name"`
	Role      string     `json:"role"`
	Status    Status     `json:"status"`
	Comment   string     `json:"comment"`
	Until     *time.Time `json:"answer_until"` // null: no limit
}

// Reminded reports how many guests are sent a reminder.
type Reminded struct {
	Reminded     int        `json:"reminded"`
	Unsubscribed int        `json:"unsubscribed"`           // have not answered, but ended reminders
	LastMailAt   *time.Time `json:"last_mail_at,omitempty"` // approximate; nil: no mail has to wait
}

// Counts holds the numbers of an event's guests.
type Counts struct {
	EventID  int64            `json:"event_id"`
	Total    int64            `json:"total"`
	ByStatus map[Status]int64 `json:"by_status"`
	ByRole   map[string]int64 `json:"by_role"`
	ByTag    []TagCount       `json:"by_tag"` // every tag of the event

	ByMailStatus map[MailStatus]int64 `json:"by_mail_status"`
}

// TagCount is how many guests have a tag.
type TagCount struct {
	TagID  int64  `json:"tag_id"`
	Name   string `json:"name"`
	Guests int64  `json:"guests"`
}

// The results of rows.
const (
	resultCreated = "created"
	resultAlready = "already invited"
	resultInvalid = "invalid"

	resultUpdated   = "updated"
	resultUnchanged = "unchanged"
)

// Report is the result of a bulk invitation, row by row.
type Report struct {
	DryRun     bool       `json:"dry_run"`
	Created    int        `json:"created"`
	Already    int        `json:"already_invited"`
	Updated    int        `json:"updated"`
	Unchanged  int        `json:"unchanged"`
	Invalid    int        `json:"invalid"`
	LastMailAt *time.Time `json:"last_mail_at,omitempty"` // approximate; nil: no mail has to wait

	Columns map[string]string `json:"columns,omitempty"`        // of a table: its column names, by known column
	Unused  []string          `json:"unused_columns,omitempty"` // of a table

	Results []Outcome `json:"results"`
}

// add adds the counts of a later report.
func (r *Report) add(later Report) {
	r.Created, r.Already, r.Invalid = r.Created+later.Created, r.Already+later.Already, r.Invalid+later.Invalid
	r.Updated, r.Unchanged = r.Updated+later.Updated, r.Unchanged+later.Unchanged
	r.LastMailAt = cmp.Or(later.LastMailAt, r.LastMailAt)
}

// Outcome is the result of one row.
type Outcome struct {
	Row     int               `json:"row"` // from 1, in the list or below the header row
	Email   string            `json:"email"`
	Result  string            `json:"result"`
	Changed []string          `json:"changed,omitempty"`
	Errors  utils.FieldErrors `json:"errors,omitempty"`
	GuestID int64             `json:"invited_guest_id,omitempty"`
	UserID  int64             `json:"user_id,omitempty"`
}
