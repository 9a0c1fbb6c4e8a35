package users

import (
	"errors"
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

// TestLocksFindNobody locks users who do not exist or whose tokens were ended, and one who does.
func TestLocksFindNobody(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	ann, bob := User{Email: "ann@example.org", TokenGeneration: 3}, User{Email: "bob@example.org"}
	if err := errors.Join(db.Create(&ann).Error, db.Create(&bob).Error); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		id, generation int64
		want           error
	}{
		"ann":                       {ann.ID, 3, nil},
		"ann, whose tokens ended":   {ann.ID, 2, errNoUser},
		"bob":                       {bob.ID, 0, nil},
		"bob with ann's generation": {bob.ID, 3, errNoUser},
		"nobody":                    {99, 0, errNoUser},
	} {
		err := db.Transaction(func(tx *gorm.DB) error {
			user, err := lockByGeneration(tx, test.id, test.generation)
			if !errors.Is(err, test.want) || err == nil && user.ID != test.id {
				t.Errorf("%s: got %+v and error %v, want the error %v", name, user, err, test.want)
			}
			_, holder, err := lockForAddress(t.Context(), tx, test.id, bob.Email)
			if nobody := test.id == 99; errors.Is(err, errNoUser) != nobody || !nobody && err != nil {
				t.Errorf("%s: with the holder of an address: got error %v, want errNoUser: %t", name, err, nobody)
			}
			if wanted := test.id == ann.ID; (holder != nil && holder.ID == bob.ID) != wanted {
				t.Errorf("%s: got the holder %+v, want %d: %t", name, holder, bob.ID, wanted)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
