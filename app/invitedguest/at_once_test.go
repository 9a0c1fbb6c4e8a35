package invitedguest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
)

// TestBulkBesideSingles checks that there is no deadlock if a list and single requests invite the same people at the
// same time, some of them users and some not yet.
func TestBulkBesideSingles(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const people = 25
	for i := range people {
		a.StoreUser(t, fmt.Sprintf("user%d@example.org", i), "")
	}
	for round := range 5 {
		event := a.CreateEvent(t, fmt.Sprint("event", round))
		a.Grant(t, event.ID, a.admin.ID, events.Administrator)
		var list []any
		singles := map[string]string{} // paths by address
		for i := range people {
			user, stranger := fmt.Sprintf("user%d@example.org", i), fmt.Sprintf("new%d.%d@example.org", i, round)
			singles[user], singles[stranger] = "/api/v1/invitedGuest", "/api/v1/invitedGuest/create"
			list = append(list, map[string]any{"email": user, "role": "guest"},
				map[string]any{"email": stranger, "role": "guest"})
		}
		var group sync.WaitGroup
		group.Go(func() {
			a.bulk(t, "", map[string]any{"event_id": event.ID, "guests": list}, nil).Decode(t, http.StatusOK, &bulkReport{})
		})
		for email, path := range singles {
			group.Go(func() {
				got := a.call(t, http.MethodPost, path, map[string]any{"event_id": event.ID, "email": email, "role": "guest"})
				if got.Status != http.StatusCreated && got.Status != http.StatusConflict {
					t.Errorf("%s: got %d %s, want 201 or 409", email, got.Status, got.Body)
				}
			})
		}
		group.Wait()
	}
}

// TestBulkBesideTagDeletion checks that a tag that is deleted during a bulk only invalidates the rows that name it.
func TestBulkBesideTagDeletion(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for round := range 10 {
		tag := a.storeTag(t, a.event.ID, "vip")
		guests := []any{map[string]any{"email": fmt.Sprintf("plain%d@example.org", round)}}
		for i := range 20 {
			guests = append(guests, map[string]any{"email": fmt.Sprintf("guest%d-%d@example.org", round, i),
				"tag_ids": []int64{tag}})
		}
		var group sync.WaitGroup
		group.Go(func() {
			var got bulkReport
			a.bulk(t, "", map[string]any{"event_id": a.event.ID, "role": "guest", "guests": guests}, nil).
				Decode(t, http.StatusOK, &got)
			if got.Created != 21 && (got.Created != 1 || got.Invalid != 20) {
				t.Errorf("got %+v, want 21 created, or 1 created and 20 invalid", got)
			}
		})
		group.Go(func() {
			a.call(t, http.MethodDelete, pathOf("tag", "event_id", a.event.ID, "id", tag), nil).
				Decode(t, http.StatusOK, &struct{}{})
		})
		group.Wait()
	}
}

// TestInviteAtOnce checks that only one of many requests that invite the same person at the same time succeeds.
func TestInviteAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, refused string }{
		{"/api/v1/invitedGuest", "INVITED_GUEST_EXISTS"},
		{"/api/v1/invitedGuest/create", "EMAIL_IN_USE"},
	} {
		t.Run(test.refused, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			if test.refused == "INVITED_GUEST_EXISTS" {
				a.Register(t, "ann@example.org")
				a.Mails(t)
			}
			var mutex sync.Mutex
			var group sync.WaitGroup
			statuses := map[int]int{}
			for range 20 {
				group.Go(func() {
					got := a.call(t, http.MethodPost, test.path, map[string]any{"event_id": a.event.ID, "email": "ann@example.org",
						"role": "guest"})
					mutex.Lock()
					defer mutex.Unlock()
					statuses[got.Status]++
					if got.Status != http.StatusCreated && !strings.Contains(got.Body, test.refused) {
						t.Errorf("got %d %s, want 201 or %s", got.Status, got.Body, test.refused)
					}
				})
			}
			group.Wait()
			if statuses[http.StatusCreated] != 1 || statuses[http.StatusConflict] != 19 {
				t.Errorf("got the statuses %v, want 201 once and 409 19 times", statuses)
			}
			var mails int64
			if err := a.DB.Model(&mail.Message{}).Where("kind = ?", "invitation").Count(&mails).Error; err != nil || mails != 1 {
				t.Errorf("got %d mails, %v; want 1", mails, err)
			}
		})
	}
}

// TestBulkAtOnce checks that lists and single requests that invite the same people at the same time invite each of them
// once.
func TestBulkAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Mails(t)
	var group sync.WaitGroup
	for n := range 6 {
		group.Go(func() {
			var guests []any
			for i := range 40 {
				guests = append(guests, map[string]any{"email": fmt.Sprintf("guest%d@example.org", (i+n*7)%40), "role": "guest"})
			}
			a.bulk(t, "", map[string]any{"event_id": a.event.ID, "guests": guests}, nil).Decode(t, http.StatusOK, &bulkReport{})
		})
		group.Go(func() {
			a.call(t, http.MethodPost, "/api/v1/invitedGuest/create",
				map[string]any{"event_id": a.event.ID, "email": fmt.Sprintf("guest%d@example.org", n), "role": "guest"})
		})
	}
	group.Wait()
	guests, mails := a.count(t, &invitedguest.InvitedGuest{}), int64(0)
	if err := a.DB.Model(&mail.Message{}).Where("kind = ?", "invitation").Count(&mails).Error; err != nil ||
		guests != 40 || mails != 40 {
		t.Errorf("got %d guests and %d mails, %v; want 40 and 40", guests, mails, err)
	}
}

// TestBulkOfManyEvents checks that lists of different events, which do not wait for each other's event, all succeed at
// the same time although they create the same users in opposite orders.
func TestBulkOfManyEvents(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const people = 400
	for round := range 8 {
		var group sync.WaitGroup
		for n := range 4 {
			event := a.CreateEvent(t, fmt.Sprintf("event%d.%d", round, n))
			a.Grant(t, event.ID, a.admin.ID, events.Administrator)
			var guests []any
			for i := range people {
				guests = append(guests,
					map[string]any{"email": fmt.Sprintf("new%d.%d@example.org", round, (people-1)*(n%2)+i*(1-2*(n%2))),
						"role": "guest"})
			}
			group.Go(func() {
				var got bulkReport
				a.bulk(t, "", map[string]any{"event_id": event.ID, "guests": guests}, nil).Decode(t, http.StatusOK, &got)
				if got.Created != people {
					t.Errorf("got %d created, want %d", got.Created, people)
				}
			})
		}
		group.Wait()
	}
}

// TestInviteRenamed checks that a user who changes their name while many requests invite them is a guest once, with the
// latest name.
func TestInviteRenamed(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Mails(t)
	ann := a.Register(t, "ann@example.org")
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 20 {
			a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/user",
				Body: map[string]any{"lastname": fmt.Sprint("Lee ", i)}, Token: ann.Token}).
				Decode(t, http.StatusOK, &apptest.User{})
		}
	})
	for range 2 {
		group.Go(func() {
			for range 10 {
				a.bulk(t, "",
					map[string]any{"event_id": a.event.ID, "guests": []any{map[string]any{"email": ann.Email, "role": "guest"}}}, nil).
					Decode(t, http.StatusOK, &bulkReport{})
			}
		})
		group.Go(func() {
			for range 10 {
				var guest invitedAnswer
				got := a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": ann.Email,
					"role": "guest"})
				if got.Status == http.StatusConflict {
					continue
				}
				got.Decode(t, http.StatusCreated, &guest)
				got = a.call(t, http.MethodDelete, pathOf("invitedGuest", "event_id", a.event.ID, "invited_guest_id",
					guest.GuestID), nil)
				got.Decode(t, http.StatusOK, &struct{}{})
			}
		})
	}
	group.Wait()
	a.bulk(t, "",
		map[string]any{"event_id": a.event.ID, "guests": []any{map[string]any{"email": ann.Email, "role": "guest"}}}, nil).
		Decode(t, http.StatusOK, &bulkReport{})
	if got, want := names(a.list(t, "&q="+url.QueryEscape("lee 19"))), "ann"; got != want {
		t.Errorf("search for the latest name: got %q, want %q", got, want)
	}
}

// TestInviteRemovedMeanwhile checks that an invitation succeeds if the guest who was in its way is removed before it
// reads which guest that was.
func TestInviteRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	body := map[string]any{"event_id": a.event.ID, "email": ann.Email, "role": "guest"}
	var guest, again invitedAnswer
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", body).Decode(t, http.StatusCreated, &guest)
	refused := false
	err := errors.Join(
		a.DB.Callback().Create().After("gorm:create").Register("refused", func(db *gorm.DB) {
			refused = errors.Is(db.Error, gorm.ErrDuplicatedKey)
		}),
		a.DB.Callback().Query().Before("gorm:query").Register("remove", func(db *gorm.DB) {
			if refused {
				refused = false
				_ = db.AddError(db.Session(&gorm.Session{NewDB: true}).Exec("DELETE FROM invited_guests WHERE id = ?",
					guest.GuestID).Error)
			}
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", body).Decode(t, http.StatusCreated, &again)
	if got, want := names(a.list(t, "")), "ann"; got != want {
		t.Errorf("the guests are %q, want %q", got, want)
	}
	if again.GuestID == guest.GuestID {
		t.Errorf("invited again as guest %d, want another ID than that of the removed guest", again.GuestID)
	}
}
