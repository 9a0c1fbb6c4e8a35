package users_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// TestATakenOverAccountIsAudited checks that a takeover records the deletion of the other account.
func TestATakenOverAccountIsAudited(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	confirm, _ := a.ask(t, user.Token, "new@example.org")
	squatter := a.Register(t, "new@example.org")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	if got, want := a.kinds(t, squatter.ID), string(audit.Registered+" "+audit.Deleted); got != want {
		t.Errorf("got the audit events %s, want %s", got, want)
	}
}

// TestBlockingEndsAChange checks that blocking a user cancels a pending change of address, even before its mails have
// been sent.
func TestBlockingEndsAChange(t *testing.T) {
	t.Parallel()
	for _, sent := range []bool{true, false} {
		a := newTestApp(t)
		root, user := a.RegisterAdmin(t, "root@example.org"), a.registered(t, "ann@example.org")
		a.Mails(t)
		var confirm string
		if sent {
			confirm, _ = a.ask(t, user.Token, "new@example.org")
		} else {
			a.put(t, user.Token, `{"email":"new@example.org"}`)
		}
		a.manage(t, root.Token, user.ID, "block")
		if mails := a.Mails(t); len(mails) > 0 {
			t.Errorf("mailed %v, want nothing", mails)
		}
		a.manage(t, root.Token, user.ID, "unblock")
		if sent {
			a.pressed(t, confirm, "confirm", http.StatusNotFound)
		}
		if mails := a.Mails(t); len(mails) > 0 {
			t.Errorf("unblocked: mailed %v, want nothing", mails)
		}
		if got := a.user(t, user.ID); got.PendingEmail != "" || got.Email != "ann@example.org" {
			t.Errorf("got %+v, want the address ann@example.org and none pending", got)
		}
	}
}

// TestABlockedAccountIsGivenBack undoes a thief's change of address in an account that was blocked because of it.
func TestABlockedAccountIsGivenBack(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root, user := a.RegisterAdmin(t, "root@example.org"), a.registered(t, "ann@example.org")
	confirm, undo := a.ask(t, user.Token, "thief@example.org")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.manage(t, root.Token, user.ID, "block")
	if status := a.get(t, undo).Status; status != http.StatusOK {
		t.Errorf("the page: got %d, want 200", status)
	}
	a.pressed(t, undo, "confirm", http.StatusOK)
	if got := a.user(t, user.ID); got.Email != "ann@example.org" || got.BlockedAt == nil {
		t.Errorf("got %+v, want the address ann@example.org, blocked", got)
	}
	a.signInAs(t, "ann@example.org").Error(t, http.StatusForbidden, "ACCOUNT_BLOCKED")
}

// TestAnUnprovedAddressIsToldNoOther checks that a mail to an unverified old address does not name the new one, which
// may be a stranger's text.
func TestAnUnprovedAddressIsToldNoOther(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "fr"} {
		a := newTestApp(t)
		user := a.Register(t, "ann@example.org")
		a.Mails(t)
		a.put(t, user.Token, `{"email":"win-at.eve.example.net@example.org","language":"`+language+`"}`)
		mails := a.Mails(t)
		toOld := func(m mail.Envelope) bool { return m.To.Address == "ann@example.org" }
		if len(mails) != 2 || !slices.ContainsFunc(mails, toOld) {
			t.Fatalf("mailed %v, want a mail to each address", mails)
		}
		for _, m := range mails {
			all, foreign := m.Content.Text+m.Content.HTML, "eve.example"
			if toOld(m) && strings.Contains(all, foreign) {
				t.Errorf("the mail %s to the old address shows %s: %s", m.Kind, foreign, all)
			}
		}
	}
}

// waitForLock polls until a transaction waits for a lock in the test's PostgreSQL database.
func (a testApp) waitForLock(ctx context.Context, t *testing.T) {
	t.Helper()
	for waiting := 0; waiting == 0; {
		err := a.DB.WithContext(ctx).
			Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").
			Scan(&waiting).Error
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestVerifyingLocksUsersBeforeCodes checks the lock order that prevents deadlocks with changes of users.
func TestVerifyingLocksUsersBeforeCodes(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if a.DB.Name() != "postgres" {
		t.Skip("SQLite's transactions lock the whole database")
	}
	user := a.Register(t, "ann@example.org")
	code := apptest.Code(t, a.Mails(t)[0])
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	err := a.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SELECT 1 FROM users WHERE id = ? FOR UPDATE", user.ID).Error; err != nil {
			return err
		}
		go func() {
			_, err := a.manager().VerifyEmail(ctx, audit.Actor{}, code)
			done <- err
		}()
		a.waitForLock(ctx, t)
		return tx.Exec("SELECT 1 FROM user_codes WHERE user_id = ? FOR UPDATE NOWAIT", user.ID).Error
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Error(err)
	}
	if a.user(t, user.ID).VerifiedAt == nil {
		t.Error("the address is not verified")
	}
}

// TestUsersAreLockedInOneOrder checks that a bulk import locks users in the order of their IDs, as the confirmation of
// an address that another account has does.
func TestUsersAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if a.DB.Name() != "postgres" {
		t.Skip("SQLite's transactions lock the whole database")
	}
	first, second := a.StoreUser(t, "zora@example.org", ""), a.StoreUser(t, "ann@example.org", "")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	err := a.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SELECT 1 FROM users WHERE id = ? FOR UPDATE", first).Error; err != nil {
			return err
		}
		go func() {
			done <- a.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
				_, err := users.References(ctx, users.LockKeys(tx), []string{"ann@example.org", "zora@example.org"})
				return err
			})
		}()
		a.waitForLock(ctx, t)
		return tx.Exec("SELECT 1 FROM users WHERE id = ? FOR UPDATE NOWAIT", second).Error
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Error(err)
	}
}
