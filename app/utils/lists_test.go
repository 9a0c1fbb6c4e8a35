package utils_test

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"guestlist/app/database"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// things is a request for a list.
type things struct {
	utils.ListQuery

	Color string `json:"color"`
}

func (l *things) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	l.Check(&wrong, 20, "id", "name", "date")
	return wrong
}

func decodeThings(query string) (things, error) {
	request := things{ListQuery: utils.NewListQuery()}
	err := utils.DecodeQuery(newContext(query), &request)
	return request, err
}

func TestListQuery(t *testing.T) {
	t.Parallel()
	cursors := secrets.NewCursors(secrets.KeySet{[]byte("key")})
	for query, want := range map[string]utils.Page{
		"":                             {Sort: "id", Limit: 50},
		"color=red&sort=name&limit=20": {Sort: "name", Limit: 20},
		"sort=-date&limit=1&cursor=":   {Sort: "-date", Limit: 1},
	} {
		request, err := decodeThings(query)
		if err != nil {
			t.Errorf("%q: %v", query, err)
			continue
		}
		got, err := request.Page(cursors, "things")
		if err != nil || got.Sort != want.Sort || got.Limit != want.Limit || got.After != nil {
			t.Errorf("%q: got %+v, %v; want %+v", query, got, err, want)
		}
	}
	const (
		limit = "must be a whole number from 1 to 20"
		sort  = "must be id, name or date; prefix with - for descending order"
	)
	for query, want := range map[string]utils.FieldErrors{
		"limit=0":          {"limit": limit},
		"limit=-1":         {"limit": limit},
		"limit=21":         {"limit": limit},
		"limit=":           {"limit": "must be a whole number"},
		"limit=1&limit=1":  {"limit": "is given twice"},
		"sort=":            {"sort": sort},
		"sort=color":       {"sort": sort},
		"sort=--id":        {"sort": sort},
		"limit=0&sort=ID":  {"limit": limit, "sort": sort},
		"Cursor=x&color=x": {"cursor": "differs from the parameter's name in upper and lower case"},
	} {
		_, err := decodeThings(query)
		var got utils.FieldErrors
		if !errors.As(err, &got) || !maps.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
}

// TestEndPage checks that a cursor leads from a page to the next, and that another list refuses it.
func TestEndPage(t *testing.T) {
	t.Parallel()
	cursors := secrets.NewCursors(secrets.KeySet{[]byte("key")})
	at := time.Date(2026, 2, 3, 12, 0, 0, 1000, time.UTC)
	position := func(row *int, sort utils.Sort) utils.Position {
		switch sort.Field() {
		case "name":
			return utils.Position{Key: database.Bytes("Lee\xff"), ID: int64(*row)}
		case "date":
			return utils.Position{Time: &at, ID: int64(*row)}
		}
		return utils.Position{ID: int64(*row)}
	}
	for _, sort := range []string{"id", "-name", "date"} {
		first := pageOf(t, cursors, "things", "limit=2&sort="+sort)
		rows, next, err := utils.EndPage(first, []int{1, 2, 3}, position)
		if err != nil || !slices.Equal(rows, []int{1, 2}) || next == nil {
			t.Fatalf("by %s: got %v, %v, %v; want [1 2] and a cursor, no error", sort, rows, next, err)
		}
		second := "limit=2&sort=" + sort + "&cursor=" + url.QueryEscape(*next)
		got, want := pageOf(t, cursors, "things", second).After, position(&rows[1], utils.Sort(sort))
		if string(got.Key) != string(want.Key) || (got.Time == nil) != (want.Time == nil) || got.ID != want.ID ||
			got.Time != nil && !got.Time.Equal(at) {
			t.Errorf("by %s, the next page is after %+v, want %+v", sort, got, want)
		}
		request, err := decodeThings(second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := request.Page(cursors, "others"); !errors.Is(err, utils.ErrValidationFailed) {
			t.Errorf("by %s, another list accepts the cursor: %v", sort, err)
		}
	}
	rows, next, err := utils.EndPage(pageOf(t, cursors, "things", "limit=3"), []int{1, 2, 3}, position)
	if err != nil || len(rows) != 3 || next != nil {
		t.Errorf("the last page is %v, %v, %v; want 3 rows and no cursor, no error", rows, next, err)
	}
}

func pageOf(t *testing.T, cursors *secrets.Cursors, list, query string) utils.Page {
	t.Helper()
	request, err := decodeThings(query)
	if err != nil {
		t.Fatal(err)
	}
	page, err := request.Page(cursors, list)
	if err != nil {
		t.Fatal(err)
	}
	return page
}
