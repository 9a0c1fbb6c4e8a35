package users_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/users"
)

// TestCorrectMany corrects accounts of every kind at once, and makes each of its statements fail.
func TestCorrectMany(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	now := a.Clock.Now()
	accounts := []users.User{
		{Email: "own@example.org", NamedFor: 1},
		{Email: "same@example.org", NamedFor: 1, Firstname: "New"},
		{Email: "verified@example.org", NamedFor: 1, VerifiedAt: &now},
		{Email: "verified.same@example.org", NamedFor: 1, VerifiedAt: &now, Firstname: "New"},
		{Email: "other@example.org", NamedFor: 2},
		{Email: "shared@example.org", NamedFor: 1},
		{Email: "deleted@example.org", NamedFor: 1, DeletedAt: gorm.DeletedAt{Time: now, Valid: true}},
		{Email: "left.out@example.org", NamedFor: 1},
	}
	if err := a.DB.Create(&accounts).Error; err != nil {
		t.Fatal(err)
	}
	name, corrections := "New", map[int64]users.Correction{}
	for _, account := range accounts[:len(accounts)-1] {
		corrections[account.ID] = users.Correction{Firstname: &name}
	}
	var asked []int64
	elsewhere := func(_ context.Context, _ *gorm.DB, ids []int64) (map[int64]bool, error) {
		asked = ids
		return map[int64]bool{accounts[5].ID: true}, nil
	}
	correct := func(corrections map[int64]users.Correction) (refused map[int64]bool, err error) {
		err = a.DB.Transaction(func(tx *gorm.DB) error {
			refused, err = users.CorrectMany(t.Context(), tx, 1, corrections, elsewhere)
			return err
		})
		return refused, err
	}
	var refused map[int64]bool
	var err error
	apptest.NewFailing(t, a.App).Each(t, "the correction", func() bool {
		refused, err = correct(corrections)
		return err != nil
	})
	want := map[int64]bool{accounts[2].ID: true, accounts[4].ID: true, accounts[5].ID: true, accounts[6].ID: true}
	if err != nil || !maps.Equal(refused, want) {
		t.Errorf("refused %v with error %v, want %v", refused, err, want)
	}
	if all := slices.Sorted(maps.Keys(corrections)); !slices.Equal(asked, all) {
		t.Errorf("asked where else %v are, want %v", asked, all)
	}
	var changed []string
	if err := a.DB.Unscoped().Model(&users.User{}).Where("firstname = ?", name).Order("id").
		Pluck("email", &changed).Error; err != nil {
		t.Fatal(err)
	}
	const renamed = "[own@example.org same@example.org verified.same@example.org]"
	if got := fmt.Sprint(changed); got != renamed {
		t.Errorf("%s have the name, want %s", got, renamed)
	}
	address := "new@example.org"
	if _, err := correct(map[int64]users.Correction{accounts[0].ID: {Email: &address}}); err == nil {
		t.Error("corrected an address, want an error")
	}
}

// TestImportDeleted imports deleted accounts again and again: one with an address that a deleted account has is left
// out, while one that a current account has is not.
func TestImportDeleted(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "current@example.org")
	a.Register(t, "left@example.org")
	a.run(t, "delete", "left@example.org")
	then := a.Clock.Now().Add(-time.Hour)
	var accounts []users.Account
	for _, email := range []string{"current@example.org", "left@example.org", "gone@example.org"} {
		accounts = append(accounts, users.Account{
			Person: users.Person{Email: email}, PasswordHash: "x", Admin: true, DeletedAt: &then,
		})
	}
	for _, want := range []int{2, 0} {
		err := a.DB.Transaction(func(tx *gorm.DB) error {
			created, err := users.ImportDeleted(t.Context(), tx, accounts)
			if created != want {
				t.Errorf("stored %d, want %d", created, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	var stored []users.User
	err := a.DB.Unscoped().Where("deleted_at = ?", then).Order("id").Find(&stored).Error
	if err != nil || len(stored) != 2 {
		t.Fatalf("got %d and error %v, want 2", len(stored), err)
	}
	for _, user := range stored {
		if user.PasswordHash != "" || user.IsAdmin {
			t.Errorf("%s has the hash %q, admin %t; want neither", user.Email, user.PasswordHash, user.IsAdmin)
		}
	}
}
