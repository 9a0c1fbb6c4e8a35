package users_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// TestCorrect corrects an account that was created for a guest of event 1 and then changed in one column or in none.
func TestCorrect(t *testing.T) {
	t.Parallel()
	name, same, address, other := "Anne", "Ann", "anne@example.org", "bob@example.org"
	for title, test := range map[string]struct {
		column    string // of the account, set to value first
		value     any
		event     int64
		elsewhere bool
		change    users.Correction
		want      error
		changed   string
	}{
		"names": {event: 1, change: users.Correction{Firstname: &name, Lastname: &name, UserTitle: &name,
			Language: "fr"}, changed: "[firstname lastname user_title language]"},
		"the address":            {event: 1, change: users.Correction{Email: &address}, changed: "[email]"},
		"an address in use":      {event: 1, change: users.Correction{Email: &other}, want: utils.ErrEmailInUse},
		"nothing":                {event: 1, change: users.Correction{Firstname: &same}, changed: "[]"},
		"nothing, another event": {event: 2, change: users.Correction{Firstname: &same}, changed: "[]"},
		"for another event":      {event: 2, change: users.Correction{Firstname: &name}, want: users.ErrNotOwn},
		"for no event": {column: "named_for", value: 0, change: users.Correction{Firstname: &name},
			want: users.ErrNotOwn},
		"with a password": {column: "password_hash", value: "x", event: 1, change: users.Correction{Firstname: &name},
			want: users.ErrNotOwn},
		"verified": {column: "verified_at", value: "2026-01-01", event: 1,
			change: users.Correction{Email: &address}, want: users.ErrNotOwn},
		"blocked": {column: "blocked_at", value: "2026-01-01", event: 1,
			change: users.Correction{Email: &address}, want: users.ErrNotOwn},
		"a system administrator": {column: "is_admin", value: true, event: 1, change: users.Correction{Email: &address},
			want: users.ErrNotOwn},
		"used elsewhere": {event: 1, elsewhere: true, change: users.Correction{Email: &address},
			want: users.ErrNotOwn},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			a.StoreUser(t, other, "")
			before := users.User{Email: "ann@example.org", Firstname: "Ann", Lastname: "Lee", PrimaryLanguage: "en", NamedFor: 1}
			if err := a.DB.Create(&before).Error; err != nil {
				t.Fatal(err)
			}
			if test.column != "" {
				a.set(t, before.ID, test.column, test.value)
			}
			if problems := test.change.Validate(); len(problems) > 0 {
				t.Fatalf("got %v, want a valid correction", problems)
			}
			var changed []string
			err := a.DB.Transaction(func(tx *gorm.DB) (err error) {
				elsewhere := func(_ context.Context, _ *gorm.DB, ids []int64) (map[int64]bool, error) {
					return map[int64]bool{ids[0]: test.elsewhere}, nil
				}
				_, changed, err = users.Correct(t.Context(), tx, test.event, before.ID, test.change, elsewhere)
				return err
			})
			if !errors.Is(err, test.want) || err == nil && fmt.Sprint(changed) != test.changed {
				t.Errorf("changed %v, %v; want %s, %v", changed, err, test.changed, test.want)
			}
			got, want := a.user(t, before.ID), before
			if len(changed) > 0 {
				want.Firstname, want.Lastname, want.UserTitle = or(test.change.Firstname, "Ann"), or(test.change.Lastname, "Lee"),
					or(test.change.UserTitle, "")
				want.Email = or(test.change.Email, want.Email)
			}
			if got.Email != want.Email || got.Fullname() != want.Fullname() {
				t.Errorf("stored %s, %q; want %s, %q", got.Email, got.Fullname(), want.Email, want.Fullname())
			}
			if err := want.BeforeSave(nil); err != nil || string(got.SearchKey) != string(want.SearchKey) {
				t.Errorf("the search key is %q, want %q, %v", got.SearchKey, want.SearchKey, err)
			}
		})
	}
}

func or(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return *text
}

// TestCorrectedAddressEndsCodes checks that a mailed code stays valid when the name is corrected, and ends when the
// address is.
func TestCorrectedAddressEndsCodes(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := users.User{Email: "ann@example.org", PrimaryLanguage: "en", NamedFor: 1}
	if err := a.DB.Create(&user).Error; err != nil {
		t.Fatal(err)
	}
	a.resetCode(t, user.Email)
	address := "anne@example.org"
	for i, change := range []users.Correction{{Firstname: &address}, {Email: &address}} {
		err := a.DB.Transaction(func(tx *gorm.DB) error {
			nowhere := func(context.Context, *gorm.DB, []int64) (map[int64]bool, error) { return map[int64]bool{}, nil }
			_, _, err := users.Correct(t.Context(), tx, 1, user.ID, change, nowhere)
			return err
		})
		var codes int64
		want := int64(1 - i)
		if err := errors.Join(err, a.DB.Model(&users.Code{}).Count(&codes).Error); err != nil || codes != want {
			t.Errorf("correction %d: got %d codes, %v; want %d, no error", i, codes, err, want)
		}
	}
}

// TestCorrectionValidate checks that each wrong field is named, and that an address is left in its canonical form.
func TestCorrectionValidate(t *testing.T) {
	t.Parallel()
	wrong, long := "nonsense", strings.Repeat("x", 300)
	c := users.Correction{Email: &wrong, Firstname: &long, Lastname: &long, UserTitle: &long, Language: "?"}
	got := slices.Sorted(maps.Keys(c.Validate()))
	if want := []string{"email", "firstname", "language", "lastname", "user_title"}; !slices.Equal(got, want) {
		t.Errorf("got errors of %v, want of %v", got, want)
	}
	address, name := " ANN@Example.org ", "Ann"
	c = users.Correction{Email: &address, Firstname: &name, Language: "fr"}
	if got := c.Validate(); len(got) > 0 || *c.Email != "ann@example.org" {
		t.Errorf("got the errors %v and the address %q, want none and %q", got, *c.Email, "ann@example.org")
	}
}
