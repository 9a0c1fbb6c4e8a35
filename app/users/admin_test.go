package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// TestSetAdmin grants and revokes the role of one user, whose token stays valid.
func TestSetAdmin(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := a.service()
	ann := a.RegisterVerified(t, "ann@example.org")
	for _, step := range []struct {
		email   string
		admin   bool
		changed bool
		err     error
		status  int // of Ann's request for the list of users afterwards
	}{
		{"ann@example.org", false, false, nil, http.StatusForbidden},
		{" Ann@Example.org", true, true, nil, http.StatusOK},
		{"ann@example.org", true, false, nil, http.StatusOK},
		{"ann@example.org", false, false, utils.ErrLastAdministrator, http.StatusOK},
		{"bob@example.org", true, false, utils.ErrUserNotFound, http.StatusOK},
		{"bob", true, false, text.ErrInvalidEmail, http.StatusOK},
		{"root@example.org", true, true, nil, http.StatusOK},
		{"ann@example.org", false, true, nil, http.StatusForbidden},
		{"ann@example.org", false, false, nil, http.StatusForbidden},
		{"root@example.org", false, false, utils.ErrLastAdministrator, http.StatusForbidden},
	} {
		if step.email == "root@example.org" && step.admin {
			a.RegisterVerified(t, step.email)
		}
		user, changed, err := service.SetAdmin(t.Context(), audit.Operator(), step.email, step.admin)
		if changed != step.changed || !errors.Is(err, step.err) || err == nil && user.IsAdmin != step.admin {
			t.Errorf("%s: got %+v, changed %t and %v; want an administrator %t, changed %t and %v", step.email, user, changed,
				err, step.admin, step.changed, step.err)
		}
		list := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users", Token: ann.Token})
		if list.Status != step.status {
			t.Errorf("after %+v: the list of users: got %d %s, want %d", step, list.Status, list.Body, step.status)
		}
	}
	var kinds []audit.Kind
	query := a.DB.Model(&audit.Event{}).Where("address = ?", audit.CLI).Order("id")
	if err := query.Pluck("kind", &kinds).Error; err != nil {
		t.Fatal(err)
	}
	if want := []audit.Kind{audit.AdminGranted, audit.AdminGranted, audit.AdminRevoked}; !slices.Equal(kinds, want) {
		t.Errorf("recorded %v, want %v", kinds, want)
	}
}

// TestGrantAtOnce grants the role of the first administrator concurrently: exactly one call changes it.
func TestGrantAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := a.service()
	for round := range 5 {
		email := fmt.Sprintf("ann%d@example.org", round)
		a.StoreUser(t, email, "")
		if err := a.DB.Model(&users.User{}).Where("is_admin").Update("is_admin", false).Error; err != nil {
			t.Fatal(err)
		}
		var changes atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, changed, err := service.SetAdmin(t.Context(), audit.Operator(), email, true)
				if err != nil {
					t.Error(err)
				}
				if changed {
					changes.Add(1)
				}
			})
		}
		all.Wait()
		if changes.Load() != 1 {
			t.Errorf("%d calls made %s an administrator, want 1", changes.Load(), email)
		}
	}
}

// TestRevokeAllAdminsAtOnce revokes all administrators concurrently: exactly one stays.
func TestRevokeAllAdminsAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	service := a.service()
	emails := []string{"ann@example.org", "bob@example.org", "eve@example.org", "joe@example.org"}
	for round := range 10 {
		for _, email := range emails {
			if round == 0 {
				a.Verify(t, a.StoreUser(t, email, ""))
			}
			if _, _, err := service.SetAdmin(t.Context(), audit.Operator(), email, true); err != nil {
				t.Fatal(err)
			}
		}
		errs := make([]error, len(emails))
		var all sync.WaitGroup
		for i, email := range emails {
			all.Go(func() { _, _, errs[i] = service.SetAdmin(t.Context(), audit.Operator(), email, false) })
		}
		all.Wait()
		refused := 0
		for _, err := range errs {
			if errors.Is(err, utils.ErrLastAdministrator) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		var left int64
		if err := a.DB.Model(&users.User{}).Where("is_admin").Count(&left).Error; err != nil || left != 1 || refused != 1 {
			t.Errorf("%d administrators are left, %d were refused, %v; want 1, 1, no error", left, refused, err)
		}
	}
}
