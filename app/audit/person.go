package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"gorm.io/gorm"
)

// Entry is the exported part of an event about a person's account, or of one that the person caused.
type Entry struct {
	Time      time.Time       `json:"time"`
	Kind      Kind            `json:"kind"`
	UserID    *int64          `json:"user_id"`    // the account that it is about
	ByYou     bool            `json:"by_you"`     // whether the person caused it while signed in
	Address   string          `json:"address"`    // empty if another user caused it, whose address it is
	RequestID string          `json:"request_id"` // likewise
	Detail    json.RawMessage `json:"detail,omitempty"`
}

// entryBatch is the number of events per query.
const entryBatch = 1000

// About returns a batch of events about the user's account with ids greater than after, oldest first, and the id of the
// last one if there may be more, else 0.
func About(ctx context.Context, db *gorm.DB, userID, after int64) (entries []Entry, last int64, err error) {
	return entriesOf(db.WithContext(ctx).Where("user_id = ?", userID), userID, after)
}

// By is like About for events that the user caused and that are not about the user's account.
func By(ctx context.Context, db *gorm.DB, userID, after int64) (entries []Entry, last int64, err error) {
	others := db.WithContext(ctx).Where("actor_id = ? AND (user_id IS NULL OR user_id <> ?)", userID, userID)
	return entriesOf(others, userID, after)
}

func entriesOf(query *gorm.DB, userID, after int64) (entries []Entry, last int64, err error) {
	var events []Event
	if err := query.Where("id > ?", after).Order("id").Limit(entryBatch).Find(&events).Error; err != nil {
		return nil, 0, fmt.Errorf("find the security events of a user: %w", err)
	}
	for _, e := range events {
		entries = append(entries, e.entry(userID))
	}
	if len(events) == entryBatch {
		last = events[len(events)-1].ID
	}
	return entries, last, nil
}

// entry returns the event as exported to the user, without the network addresses of other users.
func (e Event) entry(userID int64) Entry {
	byYou := e.ActorID != nil && *e.ActorID == userID
	entry := Entry{Time: e.CreatedAt.UTC(), Kind: e.Kind, UserID: e.UserID, ByYou: byYou}
	if entry.ByYou || e.ActorID == nil {
		entry.Address, entry.RequestID = e.Address, e.RequestID
	}
	if json.Valid([]byte(e.Detail)) {
		entry.Detail = json.RawMessage(e.Detail)
	}
	return entry
}

// maxClients is the maximum number of addresses that Clients returns.
const maxClients = 1000

// Clients returns the network addresses of the events about the account, sign-ins and attempts among them.
func Clients(ctx context.Context, db *gorm.DB, userID int64) (clients []netip.Addr, err error) {
	var found []string
	err = db.WithContext(ctx).Model(&Event{}).Distinct().Where("user_id = ?", userID).Order("address").Limit(maxClients).
		Pluck("address", &found).Error
	if err != nil {
		return nil, fmt.Errorf("find the network addresses of a user: %w", err)
	}
	for _, text := range found {
		if client, err := netip.ParseAddr(text); err == nil { // else CLI, Server
			clients = append(clients, client)
		}
	}
	return clients, nil
}
