package invitedguest

import (
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/app/tags"
	"guestlist/app/text"
)

// fill makes so many guests of an event, and between them as many users again who are guests of another. One guest in ten
// has not answered, as many have tag 1, and as many each role; one in fifty each last name.
func fill(t testing.TB, count int) *gorm.DB {
	t.Helper()
	db := dbtest.New(t)
	dbtest.Upgrade(t, db)
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	number := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", 2*count)
	bytesOf := "CAST(%s AS BLOB)"
	if dbtest.Postgres() {
		bytesOf = "convert_to(%s, 'UTF8')"
	}
	email, lastname := "('guest' || (1000000 + (i * 1009) % 2000003) || '-' || i || '@example.org')", "('lee' || ((i / 2) % 50))"
	keys := fmt.Sprintf(bytesOf, email) + ", " + fmt.Sprintf(bytesOf, lastname)
	for _, statement := range []struct {
		sql  string
		vars []any
	}{
		{"INSERT INTO events (id, key, name, description, start_date, end_date, email_from, url, event_type, created_at, updated_at) " +
			"SELECT i, 'event' || i, '{}', '{}', ?, ?, '', '', '', ?, ? FROM (SELECT 0 AS i UNION SELECT 1) AS ids", []any{now, now, now, now}},
		{number + "INSERT INTO users (id, email, password_hash, firstname, lastname, user_title, primary_language, created_at, updated_at, search_key, lastname_key) " +
			"SELECT i, " + email + ", '', 'Ann', 'Lee', '', 'en', ?, ?, " + keys + " FROM n", []any{now, now}},
		{number + "INSERT INTO invited_guests (id, event_id, user_id, role, status, created_at, updated_at, search_key, lastname_key) " +
			"SELECT i, i % 2, i, 'role' || ((i / 2) % 10), CASE WHEN (i / 2) % 10 = 0 THEN 'invited' WHEN (i / 2) % 2 = 0 THEN 'accepted' ELSE 'declined' END, ?, ?, " +
			keys + " FROM n", []any{now, now}},
	} {
		if err := db.Exec(statement.sql, statement.vars...).Error; err != nil {
			t.Fatal(err)
		}
	}
	tag := tags.Tag{EventID: 1, Name: text.Translations{"en": "vip"}, Description: text.Translations{"en": ""}}
	if err := db.Create(&tag).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("INSERT INTO invited_guest_tags (invited_guest_id, tag_id) SELECT id, ? FROM invited_guests WHERE event_id = 1 AND (id / 2) % 10 = 0", tag.ID).Error; err != nil {
		t.Fatal(err)
	}
	if dbtest.Postgres() { // which does it by itself, where SQLite does not
		if err := db.Exec("ANALYZE").Error; err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestListPlan asks the database how it would read a page in the middle of each list: along an index, from the place
// where the page begins, without sorting.
func TestListPlan(t *testing.T) {
	t.Parallel()
	db := fill(t, 20_000)
	one := int64(1)
	for name, test := range map[string]struct {
		request listing
		index   string
		seek    string // the last column of the index that SQLite finds the place by
	}{
		"all":       {listing{}, "idx_invited_guests_event_id", " id"},
		"by status": {listing{Status: Invited}, "idx_invited_guests_event_id_status", " id"},
		"by role":   {listing{Role: "role3"}, "idx_invited_guests_event_id_role", " id"},
		"by tag":    {listing{TagID: &one}, "idx_invited_guest_tags_tag_id", " invited_guest_id"},
		"email":     {listing{Sort: "email"}, "idx_invited_guests_event_id_search_key", ",user_id)"},
		"lastname":  {listing{Sort: "lastname"}, "idx_invited_guests_event_id_lastname_key", ",user_id)"},
	} {
		for _, direction := range []string{"", "-"} {
			request := test.request
			request.EventID = 1
			if request.Sort == "" {
				request.Sort = defaultSort
			}
			request.Sort = direction + request.Sort
			middle, err := find(t.Context(), db, 1, 20_001)
			if err != nil {
				t.Fatal(err)
			}
			after := middle.position(request.Sort)
			got := dbtest.Plan(t, db, listQuery(t.Context(), db.Session(&gorm.Session{DryRun: true}), request, &after, 51).Find(&[]guestRow{}))
			seek := test.seek + request.ahead()
			if dbtest.Postgres() {
				seek = " " + request.ahead() + " ROW("
			}
			dbtest.CheckSeek(t, name+", "+request.Sort, got, test.index, seek)
		}
	}
}

// BenchmarkListMillion reads pages of 50 at the start, in the middle and at the end of a list of 1,000,000 guests.
func BenchmarkListMillion(b *testing.B) {
	count := 1_000_000
	if testing.Short() {
		count = 10_000
	}
	db := fill(b, count)
	one := int64(1)
	for name, request := range map[string]listing{
		"id": {Sort: "id"}, "-id": {Sort: "-id"}, "email": {Sort: "email"}, "lastname": {Sort: "lastname"},
		"status": {Sort: "id", Status: Invited}, "role": {Sort: "id", Role: "role3"}, "tag": {Sort: "id", TagID: &one},
	} {
		request.EventID = 1
		size := count
		if request.Status != "" || request.Role != "" || request.TagID != nil {
			size = count / 10
		}
		for _, place := range []struct {
			name string
			n    int
		}{{"start", 0}, {"middle", size / 2}, {"end", size - 51}} {
			b.Run(name+"/"+place.name, func(b *testing.B) {
				after := placeAt(b, db, request, place.n)
				for b.Loop() {
					rows, err := list(b.Context(), db, request, after, 51)
					if err == nil {
						_, err = withTags(b.Context(), db, rows, "en")
					}
					if err != nil || len(rows) != 51 {
						b.Fatal(err, len(rows))
					}
				}
			})
		}
	}
}

// placeAt returns the place so far into the list.
func placeAt(b *testing.B, db *gorm.DB, request listing, n int) *position {
	b.Helper()
	if n == 0 {
		return nil
	}
	var row guestRow
	if err := listQuery(b.Context(), db, request, nil, 1).Offset(n - 1).Find(&row).Error; err != nil {
		b.Fatal(err)
	}
	after := row.position(request.Sort)
	return &after
}
