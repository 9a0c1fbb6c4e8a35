package invitedguest

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/users"
)

// keyColumns are the columns behind the orders of the list. A key has an index in which the event stands before it, and
// behind it the user, who tells apart rows that are equal in it.
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

// list returns so many guests of the list behind the position. Rows are found by their place in an index, not counted:
// every page costs the same.
func list(ctx context.Context, db *gorm.DB, request listing, after *position, limit int) ([]guestRow, error) {
	var rows []guestRow
	if err := listQuery(ctx, db, request, after, limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list guests: %w", err)
	}
	return rows, nil
}

func listQuery(ctx context.Context, db *gorm.DB, request listing, after *position, limit int) *gorm.DB {
	query := guests(ctx, db).Limit(limit)
	if request.TagID != nil {
		query = query.Joins("JOIN invited_guest_tags ON invited_guest_tags.invited_guest_id = invited_guests.id")
	}
	if request.Q != "" {
		query = users.Search(query, "invited_guests.search_key", request.Q)
	}
	if request.column() == defaultSort {
		return byID(query, request, after)
	}
	column := keyColumns[request.column()]
	query = query.Where(request.narrowedBy()).Order(column + request.direction()).Order("invited_guests.user_id" + request.direction())
	if after != nil {
		query = query.Where("("+column+", invited_guests.user_id) "+request.ahead()+" (?, ?)", after.Key, after.ID)
	}
	return query
}

// narrowedBy are the columns that have one value in the whole list.
func (l *listing) narrowedBy() map[string]any {
	by := map[string]any{"invited_guests.event_id": l.EventID}
	if l.TagID != nil {
		by["invited_guest_tags.tag_id"] = *l.TagID
	}
	if l.Role != "" {
		by["invited_guests.role"] = l.Role
	}
	if l.Status != "" {
		by["invited_guests.status"] = l.Status
	}
	return by
}

// byID reads the list in the order of its ids, along an index of what it is narrowed by.
func byID(query *gorm.DB, request listing, after *position) *gorm.DB {
	by, id := request.narrowedBy(), "invited_guests.id"
	columns := []string{"invited_guests.event_id"} // of the index, before the id
	switch {
	case request.TagID != nil:
		columns, id = []string{"invited_guest_tags.tag_id"}, "invited_guest_tags.invited_guest_id"
	case request.Role != "":
		columns = append(columns, "invited_guests.role")
	case request.Status != "":
		columns = append(columns, "invited_guests.status")
	}
	if query.Name() == "postgres" {
		return pinned(query, request, after, columns, by, id)
	}
	query = query.Where(by).Order(id + request.direction())
	if after != nil {
		query = query.Where(id+" "+request.ahead()+" ?", after.ID)
	}
	return query
}

// pinned keeps PostgreSQL to the index of the columns and the id. It would often rather follow the primary key, past all
// rows of other lists, because it takes those of this one to lie evenly between them. What it knows to have one value, it
// leaves out of an order, and then any index by id has that order; so the columns are compared with <= and >=, which
// for the same value mean =.
func pinned(query *gorm.DB, request listing, after *position, columns []string, by map[string]any, id string) *gorm.DB {
	var values []any
	for _, column := range columns {
		values = append(values, by[column])
		delete(by, column)
		query = query.Order(column + request.direction())
	}
	if len(by) > 0 {
		query = query.Where(by)
	}
	prefix := strings.Join(columns, ", ")
	query = query.Order(id+request.direction()).Where("("+prefix+") "+request.behind()+" ?", values)
	if after == nil {
		return query.Where("("+prefix+") "+request.ahead()+"= ?", values)
	}
	return query.Where("("+prefix+", "+id+") "+request.ahead()+" ?", append(values, after.ID))
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
