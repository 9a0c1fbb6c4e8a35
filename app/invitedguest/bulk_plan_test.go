package invitedguest

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database/dbtest"
	"guestlist/app/mail"
)

// TestBulkPlans checks the query plans of bulks of new guests, old ones and updates in a database that was last
// analysed with only a few guests: no query may read a list of values for each row of a table, or a table for each
// value of a list.
func TestBulkPlans(t *testing.T) {
	t.Parallel()
	if dbtest.Postgres() { // it knows how large a table has grown
		t.Skip("only the statistics of SQLite get out of date")
	}
	db := fill(t, 10, 10, "guest")
	if err := db.Exec("UPDATE events SET end_date = '2100-01-01 00:00:00+00:00'").Error; err != nil { // open
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	var emails []string
	if err := db.Table("users").Pluck("email", &emails).Error; err != nil {
		t.Fatal(err)
	}
	var people []Candidate
	for _, email := range emails {
		people = append(people, Candidate{Email: email, Role: "guest"})
	}
	for i := range 20 {
		people = append(people, Candidate{Email: fmt.Sprintf("new%d@example.org", i), Role: "guest", TagIDs: []int64{1}})
	}
	plans := map[string]string{}
	register := func(tx *gorm.DB) {
		sql := tx.Statement.SQL.String()
		rows, err := tx.Statement.ConnPool.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+sql, tx.Statement.Vars...)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Error(err)
			}
			plans[sql] += step + "\n"
		}
	}
	for _, err := range []error{
		db.Callback().Query().After("gorm:query").Register("plan", register),
		db.Callback().Row().After("gorm:row").Register("plan", register),
		db.Callback().Raw().After("gorm:raw").Register("plan", register),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s := NewService(db, Options{Outbox: mail.NewOutbox()})
	r, err := s.InviteMany(t.Context(), audit.Operator(), Batch{EventID: 1, People: people})
	if err != nil || r.Created != 30 || r.Already != 10 {
		t.Fatalf("created %d, %d were already invited, %v; want 30 and 10", r.Created, r.Already, err)
	}
	for i := range people {
		people[i].Role, people[i].ownRole = "speaker", true
	}
	r, err = s.InviteMany(t.Context(), audit.Operator(), Batch{EventID: 1, People: people, Update: true})
	if err != nil || r.Updated != len(people) {
		t.Fatalf("updated %d, %v; want %d", r.Updated, err, len(people))
	}
	lists := 0
	for sql, plan := range plans {
		if strings.Contains(plan, "SCAN json_each") {
			lists++
			if strings.Count(plan, "SCAN json_each") != strings.Count(plan, "LIST SUBQUERY 1\nSCAN json_each") {
				t.Errorf("%s\nscans a list outside a subquery that is evaluated once:\n%s", sql, plan)
			}
		}
	}
	if lists < 5 {
		t.Errorf("saw %d look-ups of lists, want those of users and of guests, of each to update, and of their tags", lists)
	}
}
