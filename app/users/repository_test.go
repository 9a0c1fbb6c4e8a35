package users

import (
	"errors"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database/dbtest"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

func store(t *testing.T, db *gorm.DB, user *User) error {
	t.Helper()
	return create(t.Context(), db, user, func(*gorm.DB, *User) error { return nil })
}

// TestReplaceHash checks that a new hash of the old password does not replace the hash of a new password that was set
// since the old one was read.
func TestReplaceHash(t *testing.T) {
	t.Parallel()
	db := dbtest.NewSchema(t)
	user := &User{Email: "ann@example.org", PasswordHash: "old"}
	if err := store(t, db, user); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, hash, want string }{
		{"old", "newer", "newer"},
		{"old", "newest", "newer"}, // a concurrent change
	} {
		if err := replaceHash(t.Context(), db, user.ID, test.old, test.hash); err != nil {
			t.Fatal(err)
		}
		stored, err := FindByEmail(t.Context(), db, user.Email)
		if err != nil || stored.PasswordHash != test.want {
			t.Errorf("stored %s, %v; want %s", stored.PasswordHash, err, test.want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := newFinder(db).byToken(t.Context(), db, secrets.Claims{ID: 1}); err == nil || errors.Is(err, errNoUser) {
		t.Errorf("without a table: got %v, want an error that is not %v", err, errNoUser)
	}
	dbtest.Upgrade(t, db)
	find := newFinder(db)
	if _, err := find.byToken(t.Context(), db, secrets.Claims{ID: 1}); !errors.Is(err, errNoUser) {
		t.Errorf("by ID: got %v, want errNoUser", err)
	}
	if _, err := FindByEmail(t.Context(), db, "ann@example.org"); !errors.Is(err, utils.ErrUserNotFound) {
		t.Errorf("by address: got %v, want utils.ErrUserNotFound", err)
	}
	user := &User{Email: "ann@example.org"}
	if err := store(t, db, user); err != nil {
		t.Fatal(err)
	}
	if err := store(t, db, &User{Email: "ann@example.org"}); !errors.Is(err, utils.ErrEmailInUse) {
		t.Errorf("the same address again: got %v, want %v", err, utils.ErrEmailInUse)
	}
	bob := &User{ID: user.ID, Email: "bob@example.org"}
	if err := store(t, db, bob); err == nil || errors.Is(err, utils.ErrEmailInUse) {
		t.Errorf("another column's constraint: got %v, want an error that is not %v", err, utils.ErrEmailInUse)
	}
	if err := db.Delete(&User{}, user.ID).Error; err != nil {
		t.Fatal(err)
	}
	if found, err := find.byToken(t.Context(), db, secrets.Claims{ID: user.ID}); !errors.Is(err, errNoUser) {
		t.Errorf("a deleted user by ID: got %+v, %v; want errNoUser", found, err)
	}
	if err := store(t, db, &User{Email: "ann@example.org"}); err != nil {
		t.Errorf("a deleted user's address: got %v, want no error", err)
	}
	if err := db.Unscoped().Model(&User{}).Where("id = ?", user.ID).
		UpdateColumns(map[string]any{"deleted_at": nil, "email": "old@example.org"}).Error; err != nil {
		t.Fatal(err)
	}
	user.Email = "old@example.org"
	if found, err := find.byToken(t.Context(), db, secrets.Claims{ID: user.ID}); err != nil || found.Email != user.Email {
		t.Errorf("by ID: got %+v, %v; want %s, no error", found, err, user.Email)
	}
}
