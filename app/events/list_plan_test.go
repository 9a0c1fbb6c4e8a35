package events

import (
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// TestListPlan checks that a page in the middle of each list is read as a range of an index, without sorting.
func TestListPlan(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	begin := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	name := text.Translations{"en": "x"}
	var events []Event
	for i := range 3000 {
		at := begin.AddDate(0, 0, i%1000)
		events = append(events, Event{Key: "event" + at.Add(time.Duration(i)).Format(time.RFC3339Nano), Name: name,
			Description: name, StartDate: at, EndDate: &at})
	}
	if err := db.CreateInBatches(&events, 500).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE events").Error; err != nil {
		t.Fatal(err)
	}
	after := position(&events[1500], "")
	service := NewService(db.Session(&gorm.Session{DryRun: true}), Options{Guests: someGuests{}})
	for column, index := range map[string][2]string{ // on PostgreSQL and on SQLite
		"id":         {"events_pkey", "INTEGER PRIMARY KEY"},
		"start_date": {"idx_events_start_date", "idx_events_start_date"},
	} {
		for _, direction := range []string{"", "-"} {
			page := utils.Page{Sort: utils.Sort(direction + column), After: &after, Limit: 50}
			for _, user := range []*users.User{{ID: 1}, {ID: 1, IsAdmin: true}} {
				query := page.Seek(service.seenBy(service.db, user), page.Sort.Field(), "id")
				got := dbtest.Plan(t, db, query.Find(&[]Event{}))
				want, seek := index[1], "SEARCH "
				if dbtest.Postgres() {
					want, seek = index[0], "Index Cond: "
				}
				dbtest.CheckSeek(t, fmt.Sprintf("by %s, administrator %v", page.Sort, user.IsAdmin), got, want, seek)
			}
		}
	}
}

// someGuests is a Guests with a table of guests, like that of the feature that stores them.
type someGuests struct{ Guests }

func (someGuests) EventsOf(db *gorm.DB, userID int64) *gorm.DB {
	return db.Table("invited_guests").Select("event_id").Where("user_id = ?", userID)
}
