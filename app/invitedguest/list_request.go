package invitedguest

import (
	"fmt"
	"slices"

	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const (
	maxLimit   = 1000
	maxSearch  = 100
	formatJSON = "json"

	formatProfiles = "profiles" // only for ListProfiles
)

// listOrders are the fields that the list can be sorted by.
var listOrders = []string{"id", "email", "lastname"}

// listing is the query of GET /api/v1/invitedGuestList.
type listing struct {
	utils.ListQuery

	EventID    int64      `json:"event_id"`
	Q          string     `json:"q"`
	Role       string     `json:"role"`
	Status     Status     `json:"status"`
	MailStatus MailStatus `json:"mail_status"`
	TagID      *int64     `json:"tag_id"`
	Format     string     `json:"format"`
	Language   string     `json:"language"`
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(l.EventID))
	l.Check(&wrong, maxLimit, listOrders...)
	wrong.Add("q", text.CheckLine(l.Q, maxSearch))
	wrong.Add("role", text.CheckLine(l.Role, maxRole))
	if l.Status != "" {
		wrong.Add("status", checkStatus(l.Status))
	}
	if l.MailStatus != "" && !slices.Contains(mailStatuses, l.MailStatus) {
		wrong.Add("mail_status", "must be none, queued, sent, refused or failed")
	}
	if l.TagID != nil {
		wrong.Add("tag_id", utils.CheckID(*l.TagID))
	}
	if _, known := tableKinds[l.Format]; l.Format != "" && l.Format != formatJSON && !known {
		wrong.Add("format", "must be json, csv, excel or xlsx")
	}
	return wrong
}

// name identifies the list that a cursor belongs to.
func (l *listing) name() string {
	tagID := int64(0)
	if l.TagID != nil {
		tagID = *l.TagID
	}
	return fmt.Sprintf("guests\x00%s\x00%d\x00%s\x00%s\x00%s\x00%s\x00%s\x00%d",
		users.ListKeys, l.EventID, l.Sort, l.Q, l.Role, l.Status, l.MailStatus, tagID)
}
