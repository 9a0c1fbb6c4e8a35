package audit

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"guestlist/app/utils"

	"gorm.io/gorm"
)

// Filter selects events; a zero field selects all.
type Filter struct {
	UserID int64 // events about this account or caused by its user
	Kind   Kind
	Since  time.Time
	Limit  int // the newest Limit events; 0: all
}

// Find returns the events that match the filter, oldest first.
func Find(ctx context.Context, db *gorm.DB, f Filter) ([]Event, error) {
	query := db.WithContext(ctx).Order("id DESC")
	if f.UserID != 0 {
		query = query.Where("user_id = ? OR actor_id = ?", f.UserID, f.UserID)
	}
	if f.Kind != "" {
		query = query.Where("kind = ?", f.Kind)
	}
	if !f.Since.IsZero() {
		query = query.Where("created_at >= ?", f.Since.UTC())
	}
	if f.Limit > 0 {
		query = query.Limit(f.Limit)
	}
	var events []Event
	if err := query.Find(&events).Error; err != nil {
		return nil, fmt.Errorf("find security events: %w", err)
	}
	slices.Reverse(events)
	return events, nil
}

// Print writes the events as a table.
func Print(out io.Writer, events []Event) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(table,
		"Time\tKind\tUser\tActor\tAddress\tRequest\tDetail\n----\t----\t----\t-----\t-------\t-------\t------\n")
	for _, e := range events {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.CreatedAt.UTC().Format(time.RFC3339), e.Kind,
			id(e.UserID), id(e.ActorID), e.Address, orNone(e.RequestID), orNone(e.Detail))
	}
	return table.Flush()
}

// WriteJSON writes the events as a list of objects.
func WriteJSON(out io.Writer, events []Event) error {
	type object struct {
		Time      time.Time `json:"time"`
		Kind      Kind      `json:"kind"`
		UserID    *int64    `json:"user_id"`
		ActorID   *int64    `json:"actor_id"`
		Address   string    `json:"address"`
		RequestID string    `json:"request_id"`
		Detail    string    `json:"detail"`
	}
	list := make([]object, 0, len(events))
	for _, e := range events {
		list = append(list, object{e.CreatedAt.UTC(), e.Kind, e.UserID, e.ActorID, e.Address, e.RequestID, e.Detail})
	}
	return utils.WriteJSON(out, list)
}

const none = "-"

func id(id *int64) string {
	if id == nil {
		return none
	}
	return strconv.FormatInt(*id, 10)
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}
