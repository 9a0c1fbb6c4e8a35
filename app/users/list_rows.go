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

// listRow is what a list reads of a user.
type listRow struct {
	ID              int64
	Email           string
	Firstname       string
	Lastname        string
	UserTitle       string
	PrimaryLanguage string
	IsAdmin         bool
	VerifiedAt      *time.Time
	LastLogin       *time.Time
	CreatedAt       time.Time
	SearchKey       database.Bytes
	LastnameKey     database.Bytes
}

// sortColumns maps the fields that a list can be sorted by to columns. Each has an index in which the id follows it.
var sortColumns = map[string]string{
	"id":         "id",
	"email":      "search_key", // which begins with it
	"lastname":   "lastname_key",
	"created_at": "created_at",
}

// position returns the row's place in a list with that order.
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

func (s *Service) list(ctx context.Context, page utils.Page, q string) ([]listRow, error) {
	return list(ctx, s.db, page, q)
}

// list returns the page of the users, or of those whom Search finds by the text q, and one row more if there is one.
func list(ctx context.Context, db *gorm.DB, page utils.Page, q string) ([]listRow, error) {
	var rows []listRow
	if err := listQuery(db.WithContext(ctx), page, q).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return rows, nil
}

func listQuery(db *gorm.DB, page utils.Page, q string) *gorm.DB {
	query := page.Seek(db.Model(&User{}), sortColumns[page.Sort.Field()], "id")
	if q != "" {
		query = Search(query, "search_key", q)
	}
	return query
}

// Search narrows a query that reads users, or a table with a copy of their search_key, down to those of whose address
// or names piece is a part; no character in it has a meaning of its own.
func Search(query *gorm.DB, column, piece string) *gorm.DB {
	if query.Name() == "postgres" {
		return query.Where("position(? IN "+column+") > 0", database.Bytes(text.Fold(piece)))
	}
	return query.Where("instr("+column+", ?) > 0", database.Bytes(text.Fold(piece)))
}
