package users

import (
	"fmt"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/app/utils"
)

// TestListPlan checks the query plan for a page in the middle of each list: a range of an index, without sorting.
func TestListPlan(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	var users []User
	for i := range 5000 {
		users = append(users, User{Email: fmt.Sprintf("guest%d@example.org", i), Lastname: fmt.Sprint("Lee ", i%50)})
	}
	if err := db.CreateInBatches(&users, 500).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	for _, query := range outdatedQueries(db.Session(&gorm.Session{DryRun: true})) { // MakeKeys, once a minute
		seek := "SEARCH "
		if dbtest.Postgres() {
			seek = "Index Cond: "
		}
		dbtest.CheckSeek(t, "outdated keys", dbtest.Plan(t, db, query.Find(&[]User{})), "idx_users_search_key", seek)
	}
	middle := users[2500]
	row := listRow{ID: middle.ID, SearchKey: middle.SearchKey, LastnameKey: middle.LastnameKey,
		CreatedAt: middle.CreatedAt}
	for name, index := range map[string][2]string{ // on PostgreSQL and on SQLite
		"id":         {"users_pkey", "INTEGER PRIMARY KEY"},
		"email":      {"idx_users_search_key", "idx_users_search_key"},
		"lastname":   {"idx_users_lastname_key", "idx_users_lastname_key"},
		"created_at": {"idx_users_created_at", "idx_users_created_at"},
	} {
		for _, direction := range []string{"", "-"} {
			sort := utils.Sort(direction + name)
			after := row.position(sort)
			page := utils.Page{Sort: sort, After: &after, Limit: 50}
			got := dbtest.Plan(t, db, listQuery(db.Session(&gorm.Session{DryRun: true}), page, filter{}).Find(&[]listRow{}))
			want, seek := index[1], "SEARCH "
			if dbtest.Postgres() {
				want, seek = index[0], "Index Cond: "
			}
			dbtest.CheckSeek(t, "by "+string(sort), got, want, seek)
		}
	}
}
