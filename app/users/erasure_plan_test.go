package users

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
)

// TestErasurePlan checks the query plan for finding a few accounts to erase among many.
func TestErasurePlan(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	var users []User
	for i := range 5000 {
		users = append(users, User{Email: fmt.Sprintf("guest%d@example.org", i)})
	}
	if err := db.CreateInBatches(&users, 500).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Where("id % 100 = 0").Delete(&User{}).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	query := deletedQuery(db.Session(&gorm.Session{DryRun: true}), time.Now(), 1000, eraseBatch)
	plan := dbtest.Plan(t, db, query.Find(&[]int64{}))
	if !strings.Contains(plan, "idx_users_deleted_at") || strings.Contains(plan, "SCAN ") ||
		strings.Contains(plan, "Seq Scan") {
		t.Errorf("got a plan that scans or lacks idx_users_deleted_at, want a search with it:\n%s", plan)
	}
}
