package users_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// TestUndoBeforeTheEffect undoes a pending change, and checks that the change and the tokens end.
func TestUndoBeforeTheEffect(t *testing.T) {
	t.Parallel()
	for _, verified := range []bool{true, false} {
		a := newTestApp(t)
		user := a.Register(t, "ann@example.org")
		if verified {
			a.set(t, user.ID, "verified_at", a.Clock.Now())
		}
		a.Mails(t)
		confirm, undo := a.ask(t, user.Token, "new@example.org")
		a.pressed(t, undo, "confirm", http.StatusOK)
		a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		a.pressed(t, confirm, "confirm", http.StatusNotFound)
		got := a.user(t, user.ID)
		if got.Email != "ann@example.org" || got.PendingEmail != "" || (got.VerifiedAt != nil) != verified {
			t.Errorf("got %+v, want the address ann@example.org, none pending, verified: %t", got, verified)
		}
	}
}

// TestUndoForSevenDays checks that the undo period counts from the request, and again from the confirmation.
func TestUndoForSevenDays(t *testing.T) {
	t.Parallel()
	a := newTestApp(t, func(c *app.Config) { c.CodeLifetime = 30 * 24 * time.Hour })
	user := a.registered(t, "ann@example.org")
	confirm, undo := a.ask(t, user.Token, "new@example.org")
	a.Clock.Advance(week - time.Second)
	if status := a.get(t, undo).Status; status != http.StatusOK {
		t.Errorf("a second before the end: got %d, want 200", status)
	}
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.Clock.Advance(week - time.Second)
	if status := a.get(t, undo).Status; status != http.StatusOK {
		t.Errorf("seven days but a second after the effect: got %d, want 200", status)
	}
	a.Clock.Advance(time.Second)
	a.pressed(t, undo, "confirm", http.StatusNotFound)
	if got, want := a.user(t, user.ID).Email, "new@example.org"; got != want {
		t.Errorf("after the end: the address is %s, want %s", got, want)
	}
	a.signInAs(t, "new@example.org").Decode(t, http.StatusOK, &user)
	confirm, _ = a.ask(t, user.Token, "third@example.org")
	a.Clock.Advance(week) // a pending change ends with its undo period, even if codes are valid longer
	a.pressed(t, confirm, "confirm", http.StatusNotFound)
}

// TestUndoAfterAThief changes the address twice, as a thief of a token would, and undoes it from both addresses in
// either order. It checks that the owner gets the account in the end.
func TestUndoAfterAThief(t *testing.T) {
	t.Parallel()
	for _, thiefFirst := range []bool{true, false} {
		t.Run(fmt.Sprint("thief first ", thiefFirst), func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			user := a.registered(t, "ann@example.org")
			confirm, owner := a.ask(t, user.Token, "thief1@example.org")
			a.pressed(t, confirm, "confirm", http.StatusSeeOther)
			a.signInAs(t, "thief1@example.org").Decode(t, http.StatusOK, &user)
			confirm, thief := a.ask(t, user.Token, "thief2@example.org")
			a.pressed(t, confirm, "confirm", http.StatusSeeOther)
			if thiefFirst {
				a.pressed(t, thief, "confirm", http.StatusOK)
			}
			a.pressed(t, owner, "confirm", http.StatusOK)
			a.pressed(t, thief, "confirm", http.StatusNotFound)
			if got, want := a.user(t, user.ID).Email, "ann@example.org"; got != want {
				t.Errorf("undone: the address is %s, want %s", got, want)
			}
		})
	}
}

// TestUndoAfterSquatting undoes a change after someone else has registered the old address. It checks that this fails
// only if they have verified it.
func TestUndoAfterSquatting(t *testing.T) {
	t.Parallel()
	for _, verified := range []bool{false, true} {
		t.Run(fmt.Sprint("verified ", verified), func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			user := a.registered(t, "ann@example.org")
			confirm, undo := a.ask(t, user.Token, "new@example.org")
			a.pressed(t, confirm, "confirm", http.StatusSeeOther)
			squatter := a.Register(t, "ann@example.org")
			status, email := http.StatusOK, "ann@example.org"
			if verified {
				a.set(t, squatter.ID, "verified_at", a.Clock.Now())
				status, email = http.StatusConflict, "new@example.org"
			}
			a.pressed(t, undo, "confirm", status)
			if got := a.user(t, user.ID).Email; got != email {
				t.Errorf("the address is %s, want %s", got, email)
			}
			if got := a.read(t, squatter.Token).Status; (got == http.StatusOK) != verified {
				t.Errorf("the squatter: got %d, want 200 if verified (%t)", got, verified)
			}
		})
	}
}

// TestSquattingOnANewAddress confirms an address that someone else has registered meanwhile. It checks that this fails
// only if they have verified it.
func TestSquattingOnANewAddress(t *testing.T) {
	t.Parallel()
	for _, verified := range []bool{false, true} {
		t.Run(fmt.Sprint("verified ", verified), func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			user := a.registered(t, "ann@example.org")
			confirm, _ := a.ask(t, user.Token, "new@example.org")
			squatter := a.Register(t, "new@example.org")
			if verified {
				a.set(t, squatter.ID, "verified_at", a.Clock.Now())
				a.pressed(t, confirm, "confirm", http.StatusConflict)
				a.get(t, "/api/v1/verify-email?token="+strings.TrimPrefix(confirm, "/verify-email/")).
					Error(t, http.StatusConflict, "EMAIL_IN_USE")
				return
			}
			a.pressed(t, confirm, "confirm", http.StatusSeeOther)
			a.read(t, squatter.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		})
	}
}

// TestAnAddressThatWasNeverProvedGivesNothing checks that an unverified old address cannot undo the change to a
// verified one.
func TestAnAddressThatWasNeverProvedGivesNothing(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "typo@example.org")
	verify := apptest.Page(t, a.Mails(t)[0])
	confirm, undo := a.ask(t, user.Token, "ann@example.org")
	if status := a.get(t, undo).Status; status != http.StatusOK {
		t.Errorf("before: got %d, want 200", status)
	}
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.pressed(t, undo, "confirm", http.StatusNotFound)
	a.pressed(t, verify, "disown", http.StatusNotFound)
	if got := a.user(t, user.ID); got.Email != "ann@example.org" || got.DeletedAt.Valid {
		t.Errorf("got %+v, want the address ann@example.org, not deleted", got)
	}
}

// TestTheOldAddressIsToldLate sends the mail to the old address after the change took effect, and checks that its link
// undoes the change.
func TestTheOldAddressIsToldLate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	confirm, _ := a.ask(t, user.Token, "new@example.org")
	query := a.DB.Model(&mail.Message{}).Where("kind = ?", "email_change")
	if err := query.Update("state", mail.Pending).Error; err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Where("purpose = ?", "undo_email").Delete(&users.Code{}).Error; err != nil {
		t.Fatal(err)
	}
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.Clock.Advance(time.Hour) // past the lease
	mails := a.Mails(t)
	if len(mails) != 1 {
		t.Fatalf("mailed %v, want one mail", mails)
	}
	a.pressed(t, apptest.Page(t, mails[0]), "confirm", http.StatusOK)
	if got, want := a.user(t, user.ID).Email, "ann@example.org"; got != want {
		t.Errorf("undone: the address is %s, want %s", got, want)
	}
}

// TestUndoIsNotUndoneByALateMail checks that the mails about a thief's second change are not sent if the owner has
// undone the first before.
func TestUndoIsNotUndoneByALateMail(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	confirm, owner := a.ask(t, user.Token, "thief1@example.org")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.signInAs(t, "thief1@example.org").Decode(t, http.StatusOK, &user)
	a.put(t, user.Token, `{"email":"thief2@example.org"}`)
	a.pressed(t, owner, "confirm", http.StatusOK)
	if mails := a.Mails(t); len(mails) != 0 {
		t.Errorf("mailed %v, want nothing", mails)
	}
	// A later change can be undone, too, with the owner's first link.
	a.signInAs(t, "ann@example.org").Decode(t, http.StatusOK, &user)
	confirm, _ = a.ask(t, user.Token, "thief3@example.org")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.pressed(t, owner, "confirm", http.StatusOK)
	if got, want := a.user(t, user.ID).Email, "ann@example.org"; got != want {
		t.Errorf("undone: the address is %s, want %s", got, want)
	}
}
