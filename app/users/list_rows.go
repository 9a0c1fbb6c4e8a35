package users

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// listRow has the columns of a user that a list reads.
type listRow struct {
	ID              int64
	Email           string
	Firstname       string
	Lastname        string
	UserTitle       string
	PrimaryLanguage string
	IsAdmin         bool
	VerifiedAt      *time.Time
	BlockedAt       *time.Time
	LastLogin       *time.Time
	CreatedAt       time.Time
	SearchKey       database.Bytes
	LastnameKey     database.Bytes
}

// rowOf returns the user as a list row.
func rowOf(u *User) *listRow {
	return &listRow{
		u.ID, u.Email, u.Firstname, u.Lastname, u.UserTitle, u.PrimaryLanguage, u.IsAdmin, u.VerifiedAt, u.BlockedAt,
		u.LastLogin, u.CreatedAt, u.SearchKey, u.LastnameKey,
	}
}

// filter selects the users of a list; a zero field selects all.
type filter struct {
	Q        string // words for Search
	Verified *bool
	Blocked  *bool
}

// apply adds the filter to a query for users.
func (f filter) apply(query *gorm.DB) *gorm.DB {
	if f.Q != "" {
		query = Search(query, "search_key", f.Q)
	}
	for column, wanted := range map[string]*bool{"verified_at": f.Verified, "blocked_at": f.Blocked} {
		switch {
		case wanted == nil:
		case *wanted:
			query = query.Where(column + " IS NOT NULL")
		default:
			query = query.Where(column + " IS NULL")
		}
	}
	return query
}

// sortColumns maps listOrders to columns. Each column has an index in which the id follows it.
var sortColumns = map[string]string{
	"id":         "id",
	"email":      "search_key", // begins with the address
	"lastname":   "lastname_key",
	"created_at": "created_at",
}

// position returns the row's position in a list with that order.
func (r *listRow) position(sort utils.Sort) utils.Position {
	switch sort.Field() {
	case "email":
		return utils.Position{Key: r.SearchKey, ID: r.ID}
	case "lastname":
		return utils.Position{Key: r.LastnameKey, ID: r.ID}
	case "created_at":
		return utils.Position{Time: &r.CreatedAt, ID: r.ID}
	}
	return utils.Position{ID: r.ID}
}

func (s *Service) list(ctx context.Context, page utils.Page, f filter) ([]listRow, error) {
	return database.Read(ctx, s.db, func(db *gorm.DB) ([]listRow, error) { return list(ctx, db, page, f) })
}

// list returns a page of the users that match the filter, plus one row if there are more.
func list(ctx context.Context, db *gorm.DB, page utils.Page, f filter) ([]listRow, error) {
	var rows []listRow
	if err := listQuery(db.WithContext(ctx), page, f).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return rows, nil
}

func listQuery(db *gorm.DB, page utils.Page, f filter) *gorm.DB {
	return f.apply(page.Seek(db.Model(&User{}), sortColumns[page.Sort.Field()], "id"))
}

// Search restricts a query for users, or for a table with a copy of their search_key, to those with every word of the
// search anywhere in the address or a name. No character of the search is special.
func Search(query *gorm.DB, column, search string) *gorm.DB {
	found := "instr(" + column + ", ?) > 0"
	if query.Name() == "postgres" {
		found = "position(? IN " + column + ") > 0"
	}
	for _, word := range text.SearchWords(search) {
		query = query.Where(found, database.Bytes(word))
	}
	return query
}
