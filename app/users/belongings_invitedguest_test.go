package users_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// invite stores an invitation of the user to the event and returns its id.
func (a testApp) invite(t *testing.T, eventID, userID int64) int64 {
	t.Helper()
	user := a.user(t, userID)
	guest := invitedguest.InvitedGuest{
		EventID: eventID, UserID: userID, Role: "guest", Status: invitedguest.Accepted,
		SearchKey: user.SearchKey, LastnameKey: user.LastnameKey,
	}
	if err := a.DB.Create(&guest).Error; err != nil {
		t.Fatal(err)
	}
	return guest.ID
}

// owned returns the roles and invitations of the user, each with its event.
func (a testApp) owned(t *testing.T, userID int64) string {
	t.Helper()
	var roles, guests []string
	err := errors.Join(
		a.DB.Model(&events.Role{}).Where("user_id = ?", userID).Order("event_id, role").
			Pluck("CAST(event_id AS text) || ' ' || role", &roles).Error,
		a.DB.Model(&invitedguest.InvitedGuest{}).Where("user_id = ?", userID).Order("event_id").
			Pluck("CAST(event_id AS text) || ' ' || CAST(id AS text) || ' ' || status", &guests).Error,
	)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(roles, guests)
}

// TestDeletedAddress deletes accounts, and checks which of their roles and invitations are kept for the address.
func TestDeletedAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		verified, password, role, invitation, admin bool
		kept                                        bool
	}{
		"registered":                {password: true},
		"registered, with a role":   {password: true, role: true, kept: true},
		"registered, and invited":   {password: true, invitation: true, kept: true},
		"registered, to administer": {password: true, admin: true, kept: true},
		"registered, with all":      {password: true, role: true, invitation: true, admin: true, kept: true},
		"verified, with a role":     {verified: true, password: true, role: true},
		"verified, and invited":     {verified: true, password: true, invitation: true},
		"invited":                   {invitation: true},
		"invited, to administer":    {invitation: true, admin: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			event := a.CreateEvent(t, "one")
			a.RegisterWithRole(t, "other@example.org", event.ID, events.Administrator)
			id := a.StoreUser(t, "ann@example.org", "")
			if test.password {
				a.set(t, id, "password_hash", "x")
			}
			if test.verified {
				a.Verify(t, id)
			}
			if test.role {
				a.Grant(t, event.ID, id, events.Administrator)
			}
			if test.invitation {
				a.invite(t, event.ID, id)
			}
			a.set(t, id, "is_admin", test.admin)
			before := a.owned(t, id)

			address, kept, err := a.manager().DeleteByEmail(t.Context(), audit.Operator(), "Ann@example.org")
			if want := "ann@example.org"; err != nil || address != want || kept != test.kept {
				t.Fatalf("got %s, kept %t, %v; want %s, %t, no error", address, kept, err, want, test.kept)
			}
			if gone := a.user(t, id); !gone.DeletedAt.Valid {
				t.Error("the account was not deleted")
			}
			heir, err := users.FindByEmail(t.Context(), a.DB, address)
			if !test.kept {
				if !errors.Is(err, utils.ErrUserNotFound) {
					t.Errorf("got %+v, %v; want no account with the address", heir, err)
				}
				a.Register(t, address)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if heir.PasswordHash != "" || heir.Verified() || heir.Fullname() != "" || heir.IsAdmin != test.admin {
				t.Errorf("got the account %+v, want no password or name, not verified, and an administrator: %t", heir, test.admin)
			}
			if got := a.owned(t, heir.ID); got != before || a.owned(t, id) != "[] []" {
				t.Errorf("the new account has %s, and the old one %s; want %s on the new one", got, a.owned(t, id), before)
			}
			moved, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.BelongingsMoved})
			want := fmt.Sprintf(`{"from_user_id":%d}`, id)
			if err != nil || len(moved) != 1 || *moved[0].UserID != heir.ID || moved[0].Detail != want {
				t.Errorf("got the audit events %+v, %v; want one about the user %d with %s", moved, err, heir.ID, want)
			}
			if _, kept, err = a.manager().DeleteByEmail(t.Context(), audit.Operator(), address); err != nil || kept {
				t.Errorf("deleted again: got kept %t, %v; want false, no error", kept, err)
			}
		})
	}
}

// TestVerifiedUserKeepsAll checks that a verified user who requests another address keeps roles and invitations.
func TestVerifiedUserKeepsAll(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	user := a.registered(t, "ann@example.org")
	a.Grant(t, event.ID, user.ID, events.Administrator)
	guest := a.invite(t, event.ID, user.ID)
	want := fmt.Sprintf("[%d admin] [%d %d accepted]", event.ID, event.ID, guest)
	confirm, _ := a.ask(t, user.Token, "new@example.org")
	if got := a.owned(t, user.ID); got != want {
		t.Errorf("before the confirmation, the account has %s, want %s", got, want)
	}
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	if got, want := a.user(t, user.ID).Email, "new@example.org"; got != want {
		t.Errorf("got the address %s, want %s", got, want)
	}
	if got := a.owned(t, user.ID); got != want {
		t.Errorf("after the confirmation, the account has %s, want %s", got, want)
	}
}

// TestTakeOver moves the roles and invitations of another account with the address to the account of the address's
// owner.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := a.manager()
	one, two := a.CreateEvent(t, "one"), a.CreateEvent(t, "two")
	owner := a.RegisterWithRole(t, "new@example.org", one.ID, events.Reviewer)
	own := a.invite(t, one.ID, owner.ID)
	other := a.Register(t, "ann@example.org")
	for _, event := range []*events.Event{one, two} {
		a.Grant(t, event.ID, other.ID, events.Reviewer)
	}
	a.Grant(t, one.ID, other.ID, events.Treasurer)
	a.invite(t, one.ID, other.ID)
	moved := a.invite(t, two.ID, other.ID)
	a.set(t, other.ID, "is_admin", true)
	takeOver := func() error {
		return a.DB.Transaction(func(tx *gorm.DB) error {
			from, to := a.user(t, other.ID), a.user(t, owner.ID)
			return service.TakeOver(t.Context(), tx, &from, &to)
		})
	}
	a.Verify(t, other.ID)
	if err := takeOver(); !errors.Is(err, utils.ErrEmailInUse) {
		t.Errorf("take over a verified account: got %v, want ErrEmailInUse", err)
	}
	a.set(t, other.ID, "verified_at", nil)
	if err := takeOver(); err != nil {
		t.Fatal(err)
	}
	if got, want := a.owned(t, owner.ID), fmt.Sprintf("[1 reviewer 1 treasurer 2 reviewer] [1 %d accepted 2 %d accepted]",
		own, moved); got != want {
		t.Errorf("the owner has %s, want %s", got, want)
	}
	if from := a.user(t, other.ID); !from.DeletedAt.Valid {
		t.Errorf("got the other account %+v, want it deleted", from)
	}
	if to := a.user(t, owner.ID); !to.Administers() {
		t.Errorf("got the owner %+v, want an administrator", to)
	}
	a.read(t, other.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	if err := takeOver(); !errors.Is(err, utils.ErrUserNotFound) {
		t.Errorf("take over again: got %v, want ErrUserNotFound", err)
	}
}

// TestABlockedAccountIsNotTakenOver checks that confirming a change to the address of a blocked account fails and
// changes neither account.
func TestABlockedAccountIsNotTakenOver(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	event := a.CreateEvent(t, "one")
	root, user := a.RegisterAdmin(t, "root@example.org"), a.registered(t, "other@example.org")
	confirm, _ := a.ask(t, user.Token, "ann@example.org")
	ann := a.Register(t, "ann@example.org")
	a.invite(t, event.ID, ann.ID)
	before := a.owned(t, ann.ID)
	if status := a.manage(t, root.Token, ann.ID, "block").Status; status != http.StatusOK {
		t.Fatalf("got %d, want 200", status)
	}
	a.pressed(t, confirm, "confirm", http.StatusConflict)
	code := strings.TrimPrefix(confirm, "/verify-email/")
	a.get(t, "/api/v1/verify-email?token="+code).Error(t, http.StatusConflict, "EMAIL_IN_USE")
	if left := a.user(t, ann.ID); left.DeletedAt.Valid || left.BlockedAt == nil {
		t.Errorf("got the account %+v, want it blocked and not deleted", left)
	}
	if got := a.owned(t, ann.ID); got != before {
		t.Errorf("the account has %s, want %s", got, before)
	}
	if got, want := a.user(t, user.ID).Email, "other@example.org"; got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}
	if got, want := a.owned(t, user.ID), "[] []"; got != want {
		t.Errorf("the user has %s, want %s", got, want)
	}
}

// TestTakingOverLocksNoEvents checks that a takeover locks no events after users, against the lock order.
func TestTakingOverLocksNoEvents(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if a.DB.Name() != "postgres" {
		t.Skip("SQLite's transactions lock the whole database")
	}
	event := a.CreateEvent(t, "one")
	user := a.registered(t, "ann@example.org")
	confirm, _ := a.ask(t, user.Token, "new@example.org")
	holder := a.Register(t, "new@example.org")
	a.Grant(t, event.ID, holder.ID, "reviewer")
	a.invite(t, event.ID, holder.ID)
	want := a.owned(t, holder.ID)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := a.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SELECT 1 FROM events WHERE id = ? FOR UPDATE", event.ID).Error; err != nil {
			return err
		}
		_, err := a.manager().VerifyEmail(ctx, audit.Actor{}, strings.TrimPrefix(confirm, "/verify-email/"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.owned(t, user.ID); got != want {
		t.Errorf("the user has %s, want %s", got, want)
	}
	if found, err := users.FindByEmail(t.Context(), a.DB, "new@example.org"); err != nil || found.ID != user.ID {
		t.Errorf("the address belongs to %+v, %v; want the user %d", found, err, user.ID)
	}
	if _, err := a.manager().Get(t.Context(), holder.ID); !errors.Is(err, utils.ErrUserNotFound) {
		t.Errorf("the other account: got %v, want ErrUserNotFound", err)
	}
}
