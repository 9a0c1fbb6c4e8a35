package invitedguest

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/app/tags"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// fill stores guests of event 1, and other guests of event 0, half of them with smaller IDs and half with greater. The
// addresses of event 1 begin with guest, and those of the others with name: the same prefix makes them alternate, a
// smaller one puts the others first. One guest in ten has not answered, one in ten has tag 1, each role has one in ten,
// and each last name one in fifty.
func fill(t testing.TB, guests, others int, name string) *gorm.DB {
	t.Helper()
	db := dbtest.NewSchema(t)
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	number := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", guests+others)
	bytesOf := "CAST(%s AS BLOB)"
	if dbtest.Postgres() {
		bytesOf = "convert_to(%s, 'UTF8')"
	}
	event := fmt.Sprintf("CASE WHEN i > %d AND i <= %d THEN 1 ELSE 0 END", others/2, others/2+guests)
	email := "(CASE " + event + " WHEN 1 THEN 'guest' ELSE '" + name + "' END || " +
		"(1000000 + (i * 1009) % 2000003) || '-' || i || '@example.org')"
	lastname := "('lee' || (i % 50))"
	keys := fmt.Sprintf(bytesOf, email+" || ' ann ' || "+lastname) + ", " + fmt.Sprintf(bytesOf, lastname)
	for _, statement := range []struct {
		sql  string
		vars []any
	}{
		{"INSERT INTO events (id, key, name, description, start_date, end_date, email_from, url, event_type, " +
			"created_at, updated_at) SELECT i, 'event' || i, '{}', '{}', ?, ?, '', '', '', ?, ? " +
			"FROM (SELECT 0 AS i UNION SELECT 1) AS ids", []any{now, now, now, now}},
		{number + "INSERT INTO users (id, email, password_hash, firstname, lastname, user_title, primary_language, " +
			"created_at, updated_at, search_key, lastname_key) " +
			"SELECT i, " + email + ", '', 'Ann', 'Lee', '', 'en', ?, ?, " + keys + " FROM n", []any{now, now}},
		{number + "INSERT INTO invited_guests (id, event_id, user_id, role, status, created_at, updated_at, " +
			"search_key, lastname_key) SELECT i, " + event + ", i, 'role' || (i % 10), " +
			"CASE WHEN i % 10 = 0 THEN 'invited' WHEN i % 2 = 0 THEN 'accepted' ELSE 'declined' END, ?, ?, " +
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
	err := db.Exec("INSERT INTO invited_guest_tags (invited_guest_id, tag_id) "+
		"SELECT id, ? FROM invited_guests WHERE event_id = 1 AND id % 10 = 0", tag.ID).Error
	if err != nil {
		t.Fatal(err)
	}
	if dbtest.Postgres() { // in production, it does this by itself, and SQLite does not
		if err := db.Exec("ANALYZE").Error; err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestListPlan checks the query plan of a page in the middle of each list: it must read along an index from the place
// where the page begins, without sorting. To sort by ID, PostgreSQL may choose the primary key instead of the index of
// the event.
func TestListPlan(t *testing.T) {
	t.Parallel()
	db := fill(t, 20_000, 20_000, "guest")
	one := int64(1)
	for name, test := range map[string]struct {
		request listing
		index   string
		seek    string // the last column of the index that SQLite uses to find the place
	}{
		"all":       {listing{}, "idx_invited_guests_event_id", " id"},
		"by status": {listing{Status: Invited}, "idx_invited_guests_event_id_status", " id"},
		"by role":   {listing{Role: "role3"}, "idx_invited_guests_event_id_role", " id"},
		"by tag":    {listing{TagID: &one}, "idx_invited_guest_tags_tag_id", " invited_guest_id"},
		"email":     {listing{ListQuery: sorted("email")}, "idx_invited_guests_event_id_search_key", ",user_id)"},
		"lastname":  {listing{ListQuery: sorted("lastname")}, "idx_invited_guests_event_id_lastname_key", ",user_id)"},
	} {
		for _, direction := range []string{"", "-"} {
			request := test.request
			request.EventID = 1
			sort := utils.Sort(direction) + cmp.Or(request.Sort, utils.DefaultSort)
			middle, err := find(t.Context(), db, 1, 20_000)
			if err != nil {
				t.Fatal(err)
			}
			after := middle.position(sort)
			dry := db.Session(&gorm.Session{DryRun: true})
			got := dbtest.Plan(t, db, listQuery(t.Context(), dry, request, utils.Page{Sort: sort, After: &after, Limit: 50}).
				Find(&[]guestRow{}))
			ahead := ">"
			if sort.Descending() {
				ahead = "<"
			}
			index, seek := test.index, test.seek+ahead
			switch {
			case dbtest.Postgres() && sort.Field() == "id":
				index, seek = "Index", "id "+ahead+" '"
			case dbtest.Postgres():
				seek = " " + ahead + " ROW("
			}
			dbtest.CheckSeek(t, name+", "+string(sort), got, index, seek)
		}
	}
}

func sorted(by string) utils.ListQuery { return utils.ListQuery{Sort: utils.Sort(by)} }
