package users

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"gorm.io/gorm"

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
	SearchKey       []byte
	LastnameKey     []byte
}

// position is where a page ends: the sort column's value in its last row, and that row's id. Only one of the values is
// set, by the kind of the column; none for the id.
type position struct {
	Key  []byte     `json:"key,omitempty"`
	Time *time.Time `json:"time,omitempty"`
	ID   int64      `json:"id"`
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
	return sortKey(p.Key)
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
		query = query.Where(holds(db), sortKey(utils.Fold(request.Q)))
	}
	return query
}

// holds is the condition that a user's search key holds a text, in which no character means anything else.
func holds(db *gorm.DB) string {
	if db.Name() == "postgres" {
		return "position(? IN search_key) > 0"
	}
	return "instr(search_key, ?) > 0"
}

// sortKey is bytes that GORM takes for one value, where it would take a slice in parentheses for a list of values.
type sortKey []byte

// Value implements driver.Valuer.
func (k sortKey) Value() (driver.Value, error) { return append([]byte{}, k...), nil } // an empty name is not NULL
