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

// ListQuery has the parameters of every list. The request of a list embeds it:
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
	// DefaultSort is the default order of a list.
	DefaultSort Sort = "id"

	// DefaultLimit is the default number of rows in a page.
	DefaultLimit = 50
)

// NewListQuery returns a ListQuery with the defaults.
func NewListQuery() ListQuery { return ListQuery{Sort: DefaultSort} }

// Check validates the query of a list with pages of at most maxLimit rows, sorted by one of the fields.
func (q *ListQuery) Check(wrong *FieldErrors, maxLimit int, fields ...string) {
	if q.Limit != nil && (*q.Limit < 1 || *q.Limit > maxLimit) {
		wrong.Add("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
	}
	wrong.Add("sort", q.Sort.check(fields))
}

// Page returns the requested page. The name list must include the list's order and filters, but not the page size: a
// cursor is valid only for the list it was made for. An invalid cursor is a FieldErrors.
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

// Sort is the order of a list: a field, prefixed with - for descending order.
type Sort string

// Field returns the field that the list is sorted by.
func (s Sort) Field() string { return strings.TrimPrefix(string(s), "-") }

// Descending reports whether the order is descending.
func (s Sort) Descending() bool { return strings.HasPrefix(string(s), "-") }

// check returns what is wrong with an order by one of fields (two or more), or "".
func (s Sort) check(fields []string) string {
	if slices.Contains(fields, s.Field()) {
		return ""
	}
	last := len(fields) - 1
	return "must be " + strings.Join(fields[:last], ", ") + " or " + fields[last] + "; prefix with - for descending order"
}

// Position is the end of a page: the last row's value of the sort column, in Key or Time by the column's type, and its
// id. A list sorted by id uses only ID.
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

// Page is a page of a list: at most Limit rows after a position, or from the beginning.
type Page struct {
	Sort  Sort
	After *Position // nil for the first page
	Limit int

	cursors *secrets.Cursors
	list    string
}

// Seek makes a query read the page, sorted by column and then id, and one more row, if any, for EndPage. id must be
// unique in the list; a list sorted by id passes it twice. With an index on both columns, every page takes the same
// time: the index finds its first row, nothing is counted.
func (p Page) Seek(query *gorm.DB, column, id string) *gorm.DB {
	operator, direction := ">", ""
	if p.Sort.Descending() {
		operator, direction = "<", " DESC"
	}
	query = query.Limit(p.Limit + 1)
	if column == id { // SQLite cannot seek its rowid as part of a row value
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
// position returns a row's position in the given order.
func Cut[Row any](p Page, rows []Row, position func(*Row, Sort) Position) ([]Row, *Position) {
	if len(rows) <= p.Limit {
		return rows, nil
	}
	rows = rows[:p.Limit]
	last := position(&rows[p.Limit-1], p.Sort)
	return rows, &last
}

// Cursor returns the cursor of the page after a position, or nil if after is nil.
func (p Page) Cursor(after *Position) (*string, error) {
	if after == nil {
		return nil, nil //nolint:nilnil // the last page
	}
	cursor, err := p.cursors.Encode(p.list, *after)
	return &cursor, err
}

// Link sets the response's Link header (RFC 8288) to the URL of the page after After, if After is set.
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

// EndPage is Cut with the next page's cursor instead of the position; nil on the last page.
func EndPage[Row any](p Page, rows []Row, position func(*Row, Sort) Position) ([]Row, *string, error) {
	rows, last := Cut(p, rows, position)
	next, err := p.Cursor(last)
	return rows, next, err
}
