package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// keyColumns are the sort columns by field. Each has an index that starts with the event. Except for id, the index ends
// with the user, who breaks ties.
var keyColumns = map[string]string{
	"id":       "invited_guests.id",
	"email":    "invited_guests.search_key", // begins with the address
	"lastname": "invited_guests.lastname_key",
}

func (r *guestRow) position(sort utils.Sort) utils.Position {
	switch sort.Field() {
	case "email":
		return utils.Position{Key: r.SearchKey, ID: r.UserID}
	case "lastname":
		return utils.Position{Key: r.LastnameKey, ID: r.UserID}
	}
	return utils.Position{ID: r.ID}
}

// listRows returns the guests of a page, and one more if there is one.
func listRows(ctx context.Context, db *gorm.DB, request listing, page utils.Page) ([]guestRow, error) {
	var rows []guestRow
	if err := listQuery(ctx, db, request, page).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list guests: %w", err)
	}
	return rows, nil
}

func listQuery(ctx context.Context, db *gorm.DB, request listing, page utils.Page) *gorm.DB {
	query := guestQuery(ctx, db).Where("invited_guests.event_id = ?", request.EventID)
	column, unique := keyColumns[page.Sort.Field()], "invited_guests.user_id"
	if page.Sort.Field() == "id" {
		unique = column
	}
	if request.TagID != nil {
		query = query.Joins("JOIN invited_guest_tags ON invited_guest_tags.invited_guest_id = invited_guests.id").
			Where("invited_guest_tags.tag_id = ?", *request.TagID)
		if column == unique {
			column, unique = tagGuestColumn, tagGuestColumn // the same ID, from the index by tag
		}
	}
	if request.Role != "" {
		query = query.Where("invited_guests.role = ?", request.Role)
	}
	if request.Status != "" {
		query = query.Where("invited_guests.status = ?", request.Status)
	}
	if request.MailStatus != "" {
		query = query.Where(mailStatusSQL+" = ?", request.MailStatus)
	}
	if request.Q != "" {
		query = users.Search(query, "invited_guests.search_key", request.Q)
	}
	return page.Seek(query, column, unique)
}

const tagGuestColumn = "invited_guest_tags.invited_guest_id"

// batchSize is how many guests listAll reads and writes at a time; with one row to look ahead, 1,000 are in memory.
const batchSize = 999

// allGuests is the first batch of a list of all guests.
func (l *listing) allGuests() utils.Page { return utils.Page{Sort: l.Sort, Limit: batchSize} }

// list returns the guests of a page and, if there are more, the position of the last one.
func (s *Service) list(
	ctx context.Context, request listing, page utils.Page,
) (found []Guest, last *utils.Position, err error) {
	found, err = database.Read(ctx, s.db, func(db *gorm.DB) ([]Guest, error) {
		rows, err := listRows(ctx, db, request, page)
		if err != nil {
			return nil, err
		}
		rows, last = utils.Cut(page, rows, (*guestRow).position)
		return withTags(ctx, db, rows, request.Language)
	})
	return found, last, err
}

// each calls do with all guests of the list, in batches; once with none if the list is empty.
func (s *Service) each(ctx context.Context, request listing, do func([]Guest) error) error {
	page := request.allGuests()
	for {
		batch, last, err := s.list(ctx, request, page)
		if err != nil {
			return err
		}
		if err := do(batch); err != nil || last == nil {
			return err
		}
		page.After = last
	}
}

// withTags returns the guests with their tags in the language.
func withTags(ctx context.Context, db *gorm.DB, rows []guestRow, language string) ([]Guest, error) {
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	found, err := tagsOf(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	result := make([]Guest, len(rows))
	for i := range rows {
		result[i] = newGuest(&rows[i], newTags(found[rows[i].ID], language))
	}
	return result, nil
}
