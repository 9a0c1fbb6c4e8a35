package invitedguest

import (
	"fmt"
	"strings"

	"guestlist/app/text"
	"guestlist/app/utils"
)

const (
	defaultLimit = 50
	maxLimit     = 1000
	maxSearch    = 100
	defaultSort  = "id"
	formatCSV    = "csv"
	formatJSON   = "json"
)

// listing is the query of GET /api/v1/invitedGuestList.
type listing struct {
	EventID  int64  `json:"event_id"`
	Limit    *int   `json:"limit"`
	Cursor   string `json:"cursor"`
	Q        string `json:"q"`
	Role     string `json:"role"`
	Status   Status `json:"status"`
	TagID    *int64 `json:"tag_id"`
	Sort     string `json:"sort"` // id, email or lastname; prefixed with - for descending order
	Format   string `json:"format"`
	Language string `json:"language"`
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(l.EventID))
	if l.Limit != nil && (*l.Limit < 1 || *l.Limit > maxLimit) {
		wrong.Add("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
	}
	wrong.Add("q", text.CheckLine(l.Q, maxSearch))
	wrong.Add("role", text.CheckLine(l.Role, maxRole))
	if l.Status != "" && l.Status != Invited && checkAnswer(l.Status) != "" {
		wrong.Add("status", "must be invited, accepted or declined")
	}
	if l.TagID != nil {
		wrong.Add("tag_id", utils.CheckID(*l.TagID))
	}
	if keyColumns[l.column()] == "" {
		wrong.Add("sort", "must be id, email or lastname, behind a - for the greatest first")
	}
	if l.Format != "" && l.Format != formatCSV && l.Format != formatJSON {
		wrong.Add("format", "must be json or csv")
	}
	return wrong
}

func (l *listing) column() string { return strings.TrimPrefix(l.Sort, "-") }

// direction follows a column in ORDER BY.
func (l *listing) direction() string {
	if strings.HasPrefix(l.Sort, "-") {
		return " DESC"
	}
	return ""
}

// ahead is how what comes later in the list compares.
func (l *listing) ahead() string {
	if l.direction() != "" {
		return "<"
	}
	return ">"
}

// name identifies the list to which a cursor belongs.
func (l *listing) name() string {
	tagID := int64(0)
	if l.TagID != nil {
		tagID = *l.TagID
	}
	return fmt.Sprintf("guests\x00%d\x00%s\x00%s\x00%s\x00%s\x00%d", l.EventID, l.Sort, l.Q, l.Role, l.Status, tagID)
}
