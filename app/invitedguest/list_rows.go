package invitedguest

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/users"
)

// keyColumns are the columns that the list can be sorted by. Each key has an index that begins with the event and ends
// with the user, who decides the order of rows with the same key.
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

// batchSize is how many guests are written at once where all are read. With the one after them, 1,000 rows are in
// memory.
const batchSize = 999

// list returns at most limit guests of the list after the position, and the position of the next ones; nil: there are
// none.
func (s *Service) list(
	ctx context.Context, request listing, after *position, limit int,
) (found []Guest, next *position, err error) {
	rows, err := list(ctx, s.db, request, after, limit+1) // one more, to see whether there are others
	if err != nil {
		return nil, nil, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1].position(request.Sort)
		next = &last
	}
	found, err = withTags(ctx, s.db, rows, request.Language)
	return found, next, err
}

// each calls do with all guests of the list, a batch at a time, and once if there are none.
func (s *Service) each(ctx context.Context, request listing, do func([]Guest) error) error {
	var after *position
	for {
		batch, next, err := s.list(ctx, request, after, batchSize)
		if err != nil {
			return err
		}
		if err := do(batch); err != nil || next == nil {
			return err
		}
		after = next
	}
}

// withTags returns the guests with their tags in the language.
func withTags(ctx context.Context, db *gorm.DB, rows []guestRow, language string) ([]Guest, error) {
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	found, err := tagsOf(ctx, db, ids, language)
	if err != nil {
		return nil, err
	}
	result := make([]Guest, len(rows))
	for i := range rows {
		result[i] = newGuest(&rows[i], found[rows[i].ID])
	}
	return result, nil
}
