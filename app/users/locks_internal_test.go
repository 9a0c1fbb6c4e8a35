package users

import (
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database/dbtest"
)

// TestLockAdminsThatAreNotInEffect checks that blocked and unverified administrators are locked like the others, since
// their role may take effect at any time, and that the user to delete is locked, too.
func TestLockAdminsThatAreNotInEffect(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite's transactions lock the whole database")
	}
	db := dbtest.NewSchema(t)
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	people := []User{
		{Email: "going@example.org", VerifiedAt: &now},
		{Email: "unverified@example.org", IsAdmin: true},
		{Email: "root@example.org", IsAdmin: true, VerifiedAt: &now},
		{Email: "blocked@example.org", IsAdmin: true, VerifiedAt: &now, BlockedAt: &now},
		{Email: "ann@example.org", VerifiedAt: &now},
	}
	if err := db.Create(&people).Error; err != nil {
		t.Fatal(err)
	}
	err := db.Transaction(func(tx *gorm.DB) error {
		inEffect, err := lockAdmins(tx, people[0].ID)
		if err != nil || len(inEffect) != 1 || inEffect[0] != people[2].ID {
			t.Errorf("got %v in effect, want %d: %v", inEffect, people[2].ID, err)
		}
		var free []string
		skip := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
		if err := db.Model(&User{}).Clauses(skip).Pluck("email", &free).Error; err != nil {
			t.Error(err)
		}
		if len(free) != 1 || free[0] != "ann@example.org" {
			t.Errorf("%v are not locked, want ann@example.org", free)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
