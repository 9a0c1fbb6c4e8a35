package users_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// TestCommandsRefuse checks that each mistake is named.
func TestCommandsRefuse(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "ann@example.org")
	for line, want := range map[string]string{
		"import --encoding x -":        "--encoding ",
		"import --map x -":             "--map ",
		"import no/such.csv":           "open no/such.csv: ",
		"create-admin nonsense":        "the email ",
		"create-admin ann@example.org": "ann@example.org is already registered",
		"show bob@example.org":         "no account has the address bob@example.org",
		"show 77":                      "no account has the id 77",
		"show nonsense":                "the email is not a valid email address",
		"export bob@example.org":       "no account has the address bob@example.org",
	} {
		if out, err := a.operate(t, strings.Fields(line)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q and error %v, want one with %q", line, out, err, want)
		}
	}
}

// TestEraseDeletedFails makes each statement of the server's clearing fail in turn.
func TestEraseDeletedFails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.run(t, "delete", "ann@example.org")
	service, later := a.manager(), a.Clock.Now().Add(time.Hour)
	failing := apptest.NewFailing(t, a.App)
	for n, failed := 1, true; failed; n++ {
		var err error
		failed = failing.At(n, func() { err = service.EraseDeleted(t.Context(), later) })
		if errors.Is(err, dbtest.ErrDiskFull) != failed {
			t.Errorf("statement %d failed: %t: got error %v", n, failed, err)
		}
	}
	var erased int64
	err := a.DB.Table("users").Where("id = ? AND erased_at IS NOT NULL", user.ID).Count(&erased).Error
	if err != nil || erased != 1 {
		t.Errorf("got %d erased accounts and error %v, want 1", erased, err)
	}
}
