package invitedguest

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/users"
)

// keyColumns are the columns that the list can be sorted by. A key has an index that begins with the event and ends with
// the user, which orders rows with the same key.
var keyColumns = map[string]string{
	"id":       "invited_guests.id",
	"email":    "invited_guests.search_key", // which begins with it
	"lastname": "invited_guests.lastname_key",
}

// position is where a page ends: the last row's values in the columns of the order.
type position struct {
	Key database.Bytes `json:"key,omitempty"`
	ID  int64          `json:"id"`
}

func (r *guestRow) position(sort string) position {
	switch strings.TrimPrefix(sort, "-") {
	case "email":
		return position{r.SearchKey, r.UserID}
	case "lastname":
		return position{r.LastnameKey, r.UserID}
	}
	return position{ID: r.ID}
}

// list returns at most limit guests of the list after the position. Rows are found by their place in an index, not
// counted, so that a page in the middle costs what the first does.
func list(ctx context.Context, db *gorm.DB, request listing, after *position, limit int) ([]guestRow, error) {
	var rows []guestRow
	if err := listQuery(ctx, db, request, after, limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list guests: %w", err)
	}
	return rows, nil
}

func listQuery(ctx context.Context, db *gorm.DB, request listing, after *position, limit int) *gorm.DB {
	query := guests(ctx, db).Limit(limit).Where("invited_guests.event_id = ?", request.EventID)
	column := keyColumns[request.column()]
	if request.TagID != nil {
		query = query.Joins("JOIN invited_guest_tags ON invited_guest_tags.invited_guest_id = invited_guests.id").
			Where("invited_guest_tags.tag_id = ?", *request.TagID)
		if request.column() == defaultSort {
			column = "invited_guest_tags.invited_guest_id" // the same id, in the index by tag
		}
	}
	if request.Role != "" {
		query = query.Where("invited_guests.role = ?", request.Role)
	}
	if request.Status != "" {
		query = query.Where("invited_guests.status = ?", request.Status)
	}
	if request.Q != "" {
		query = users.Search(query, "invited_guests.search_key", request.Q)
	}
	query = query.Order(column + request.direction())
	if request.column() == defaultSort {
		if after != nil {
			query = query.Where(column+" "+request.ahead()+" ?", after.ID)
		}
		return query
	}
	query = query.Order("invited_guests.user_id" + request.direction())
	if after != nil {
		query = query.Where("("+column+", invited_guests.user_id) "+request.ahead()+" (?, ?)", after.Key, after.ID)
	}
	return query
}

// batchSize is how many guests are in memory at once where all are read.
const batchSize = 1000

// each calls do with all guests of the list, a batch at a time, and once where there are none.
func each(ctx context.Context, db *gorm.DB, request listing, do func([]guest) error) error {
	var after *position
	for {
		batch, next, err := readBatch(ctx, db, request, after)
		if err != nil {
			return err
		}
		if err := do(batch); err != nil || next == nil {
			return err
		}
		after = next
	}
}

// readBatch returns the guests behind the position, and where the next ones are; nil: there are no more.
func readBatch(ctx context.Context, db *gorm.DB, request listing, after *position) (batch []guest, next *position, err error) {
	rows, err := list(ctx, db, request, after, batchSize)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == batchSize {
		last := rows[batchSize-1].position(request.Sort)
		next = &last
	}
	batch, err = withTags(ctx, db, rows, request.Language)
	return batch, next, err
}

// withTags returns the guests as they are answered.
func withTags(ctx context.Context, db *gorm.DB, rows []guestRow, language string) ([]guest, error) {
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	found, err := tagsOf(ctx, db, ids, language)
	if err != nil {
		return nil, err
	}
	result := make([]guest, len(rows))
	for i := range rows {
		result[i] = newGuest(&rows[i], found[rows[i].ID])
	}
	return result, nil
}
