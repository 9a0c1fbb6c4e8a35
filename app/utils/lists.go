package utils

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/secrets"
)

// ListQuery is what the queries of all lists have in common. The request of a list embeds it:
//
//	request := listing{ListQuery: utils.NewListQuery()}
//	err := utils.DecodeQuery(c, &request) // request.Validate calls request.Check
//	page, err := request.Page(cursors, request.name())
//	rows, err := list(ctx, db, page) // page.Seek(query, "lastname_key", "id").Find(&rows)
//	rows, next, err := utils.EndPage(page, rows, (*row).position)
type ListQuery struct {
	Limit  *int   `json:"limit"`
	Cursor string `json:"cursor"`
	Sort   Sort   `json:"sort"`
}

const (
	// DefaultSort is the order of a list whose request names none.
	DefaultSort Sort = "id"

	// DefaultLimit is how many rows a page of a list has whose request does not say.
	DefaultLimit = 50
)

// NewListQuery returns the ListQuery of a request that names nothing.
func NewListQuery() ListQuery { return ListQuery{Sort: DefaultSort} }

// Check adds what is wrong with the query of a list that has pages of at most maxLimit rows and can be sorted by the
// fields.
func (q *ListQuery) Check(wrong *FieldErrors, maxLimit int, fields ...string) {
	if q.Limit != nil && (*q.Limit < 1 || *q.Limit > maxLimit) {
		wrong.Add("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
	}
	wrong.Add("sort", q.Sort.check(fields))
}

// Page returns the page that is asked for. The name of the list includes its order and its filters, but not the size
// of the pages: a cursor is a place in one list only. The error says what is wrong with the cursor.
func (q *ListQuery) Page(cursors *secrets.Cursors, list string) (Page, error) {
	page := Page{Sort: q.Sort, Limit: DefaultLimit, cursors: cursors, list: list}
	if q.Limit != nil {
		page.Limit = *q.Limit
	}
	if q.Cursor == "" {
		return page, nil
	}
	page.After = new(Position)
	if err := cursors.Decode(list, q.Cursor, page.After); err != nil {
		return Page{}, FieldErrors{"cursor": err.Error()}
	}
	return page, nil
}

// Sort is the order of a list as requests name it: a field, prefixed with - for descending order.
type Sort string

// Field returns the field that the list is sorted by.
func (s Sort) Field() string { return strings.TrimPrefix(string(s), "-") }

// Descending reports whether the greatest rows come first.
func (s Sort) Descending() bool { return strings.HasPrefix(string(s), "-") }

// check returns what is wrong with an order that has to be by one of two or more fields, or nothing.
func (s Sort) check(fields []string) string {
	if slices.Contains(fields, s.Field()) {
		return ""
	}
	last := len(fields) - 1
	return "must be " + strings.Join(fields[:last], ", ") + " or " + fields[last] + "; begin with - for descending order"
}

// Position is where a page ends: the sorted column's value in its last row, and that row's id. The value is in Key or
// in Time, by the column's type; neither is used when the list is sorted by the id.
type Position struct {
	Key  database.Bytes `json:"key,omitempty"`
	Time *time.Time     `json:"time,omitempty"`
	ID   int64          `json:"id"`
}

func (p *Position) value() any {
	if p.Time != nil {
		return *p.Time
	}
	return p.Key
}

// Page is a page of a list: at most Limit rows after a position, or from the start.
type Page struct {
	Sort  Sort
	After *Position // nil for the first page
	Limit int

	cursors *secrets.Cursors
	list    string
}

// Seek makes a query read the page, sorted by the column and then by the id, and one row more if there is one: see
// EndPage. The id has to be unique in the list; a list that is sorted by it names it twice. With an index on the
// column and the id, every page costs the same: rows are found by their place in it, not counted.
func (p Page) Seek(query *gorm.DB, column, id string) *gorm.DB {
	operator, direction := ">", ""
	if p.Sort.Descending() {
		operator, direction = "<", " DESC"
	}
	query = query.Limit(p.Limit + 1)
	if column == id { // alone: SQLite cannot seek its rowid as part of a row value
		if p.After != nil {
			query = query.Where(id+" "+operator+" ?", p.After.ID)
		}
		return query.Order(id + direction)
	}
	if p.After != nil {
		query = query.Where("("+column+", "+id+") "+operator+" (?, ?)", p.After.value(), p.After.ID)
	}
	return query.Order(column + direction).Order(id + direction)
}

// Cut returns the rows without the extra one that Seek reads, and the position of the last one if there is a next page.
// The function position returns a row's place in a list with the given order.
func Cut[Row any](p Page, rows []Row, position func(*Row, Sort) Position) ([]Row, *Position) {
	if len(rows) <= p.Limit {
		return rows, nil
	}
	rows = rows[:p.Limit]
	last := position(&rows[p.Limit-1], p.Sort)
	return rows, &last
}

// Cursor returns the cursor of the page after a position, or nil where there is none.
func (p Page) Cursor(after *Position) (*string, error) {
	if after == nil {
		return nil, nil //nolint:nilnil // the last page
	}
	cursor, err := p.cursors.Encode(p.list, *after)
	return &cursor, err
}

// Link puts the address of the page after After into the response's Link header (RFC 8288), if there is one.
func (p Page) Link(c *gin.Context) error {
	cursor, err := p.Cursor(p.After)
	if err != nil || cursor == nil {
		return err
	}
	query := c.Request.URL.Query()
	query.Set("cursor", *cursor)
	c.Header("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, c.Request.URL.Path, query.Encode()))
	return nil
}

// EndPage is Cut with the cursor of the next page in place of its position; nil on the last page.
func EndPage[Row any](p Page, rows []Row, position func(*Row, Sort) Position) ([]Row, *string, error) {
	rows, last := Cut(p, rows, position)
	next, err := p.Cursor(last)
	return rows, next, err
}
