package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/users"
)

// existingGuest is a guest before an update.
type existingGuest struct {
	guestRow

	tagIDs []int64 // in order
}

// foundGuests are the guests that the rows of a batch identify.
type foundGuests struct {
	byID    map[int64]*existingGuest
	byEmail map[string]*existingGuest
}

// match returns the guest that a candidate identifies, or nil.
func (f foundGuests) match(c *Candidate) *existingGuest {
	if c.GuestID != 0 {
		return f.byID[c.GuestID]
	}
	return f.byEmail[c.Email]
}

// findExisting returns the guests of the event that the valid rows identify, by ID or by address.
func findExisting(ctx context.Context, db *gorm.DB, b Batch, valid []int) (found foundGuests, err error) {
	ids, emails := []int64{}, []string{}
	for _, i := range valid {
		if c := &b.People[i]; c.GuestID != 0 {
			ids = append(ids, c.GuestID)
		} else {
			emails = append(emails, c.Email)
		}
	}
	references, err := users.References(ctx, db, emails)
	if err != nil {
		return found, err
	}
	userIDs := make([]int64, 0, len(references))
	for _, user := range references {
		userIDs = append(userIDs, user.ID)
	}
	var rows []existingGuest
	for column, values := range map[string][]int64{"invited_guests.id": distinct(ids), "invited_guests.user_id": userIDs} {
		var some []guestRow
		// The unary plus keeps SQLite from scanning all guests of the event for each value.
		query := guestQuery(ctx, db).Where("+invited_guests.event_id = ?", b.EventID)
		if err := database.WhereIn(query, column, values).Find(&some).Error; err != nil {
			return found, fmt.Errorf("find the guests to update: %w", err)
		}
		for i := range some {
			rows = append(rows, existingGuest{guestRow: some[i]})
		}
	}
	found = foundGuests{map[int64]*existingGuest{}, map[string]*existingGuest{}}
	for i := range rows {
		found.byID[rows[i].ID], found.byEmail[rows[i].Email] = &rows[i], &rows[i]
	}
	return found, found.findTags(ctx, db)
}

// findTags sets the tags of the guests.
func (f foundGuests) findTags(ctx context.Context, db *gorm.DB) error {
	ids := make([]int64, 0, len(f.byID))
	for id := range f.byID {
		ids = append(ids, id)
	}
	held, err := tagsOf(ctx, db, ids)
	for id, tags := range held {
		for _, tag := range tags { // in the order of their ids
			f.byID[id].tagIDs = append(f.byID[id].tagIDs, tag.ID)
		}
	}
	return err
}
