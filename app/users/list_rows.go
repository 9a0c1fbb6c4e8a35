package users

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/text"
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

// position is where a page ends: the sort column's value in its last row, and that row's id. Only one of the values is
// set, by the kind of the column; none for the id.
type position struct {
	Key  database.Bytes `json:"key,omitempty"`
	Time *time.Time     `json:"time,omitempty"`
	ID   int64          `json:"id"`
}

func (r *listRow) position(column string) position {
	switch column {
	case "search_key":
		return position{Key: r.SearchKey, ID: r.ID}
	case "lastname_key":
		return position{Key: r.LastnameKey, ID: r.ID}
	case "created_at":
		return position{Time: &r.CreatedAt, ID: r.ID}
	}
	return position{ID: r.ID}
}

// value is what the sort column is compared with.
func (p *position) value() any {
	if p.Time != nil {
		return *p.Time
	}
	return p.Key
}

// list returns the page of the list behind the position, and one row more if there is one. Rows are found by their
// place in an index, not counted: every page costs the same.
func list(ctx context.Context, db *gorm.DB, request listing, after *position) ([]listRow, error) {
	var rows []listRow
	err := listQuery(db.WithContext(ctx), request, after).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return rows, nil
}

func listQuery(db *gorm.DB, request listing, after *position) *gorm.DB {
	column, operator, direction := request.column(), ">", ""
	if request.descending() {
		operator, direction = "<", " DESC"
	}
	query := db.Model(&User{}).Limit(request.Limit + 1)
	if column != "id" {
		query = query.Order(column + direction)
	}
	query = query.Order("id" + direction)
	switch {
	case after == nil:
	case column == "id":
		query = query.Where("id "+operator+" ?", after.ID)
	default:
		query = query.Where("("+column+", id) "+operator+" (?, ?)", after.value(), after.ID)
	}
	if request.Q != "" {
		query = Search(query, "search_key", request.Q)
	}
	return query
}

// Search narrows a query that reads users, or a table with a copy of their search_key, down to those of whose address or
// names piece is a part; no character in it has a meaning of its own.
func Search(query *gorm.DB, column, piece string) *gorm.DB {
	if query.Name() == "postgres" {
		return query.Where("position(? IN "+column+") > 0", database.Bytes(text.Fold(piece)))
	}
	return query.Where("instr("+column+", ?) > 0", database.Bytes(text.Fold(piece)))
}
