package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/utils"
)

// TestSchemaIsBlamed checks that a request that needs a missing table fails with SCHEMA_OUTDATED if the schema is
// outdated, and that other requests are not affected and do not check the schema.
func TestSchemaIsBlamed(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	if err := a.DB.Exec("DROP TABLE audit_events").Error; err != nil {
		t.Fatal(err)
	}
	register := apptest.Request{Method: http.MethodPost, Path: "/api/v1/user",
		Body: `{"email":"ann@example.org","password":"123456"}`}
	outdated := fmt.Errorf("%w: two revisions behind", utils.ErrSchemaOutdated)
	for name, test := range map[string]struct {
		finding error
		status  int
		kind    string
	}{
		"at its head": {nil, http.StatusInternalServerError, "INTERNAL_ERROR"},
		"ahead": {fmt.Errorf("%w: %w", outdated, app.ErrSchemaAhead), http.StatusServiceUnavailable,
			"SCHEMA_OUTDATED"},
		"outdated":        {outdated, http.StatusServiceUnavailable, "SCHEMA_OUTDATED"},
		"cannot be asked": {errors.New("permission denied"), http.StatusInternalServerError, "INTERNAL_ERROR"},
	} {
		asked := 0
		check := func(context.Context) error { asked++; return test.finding }
		b := &apptest.App{App: app.New(a.Config, a.DB, app.WithLogger(a.Logger), app.WithSchemaCheck(check))}
		b.Send(t, register).Error(t, test.status, test.kind)
		b.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user"}).
			Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		b.Send(t, apptest.Request{Method: http.MethodGet, Path: "/healthz"})
		if asked != 1 {
			t.Errorf("%s: the schema was checked %d times, want %d", name, asked, 1)
		}
	}
	log := a.Log.String()
	for _, want := range []string{"SCHEMA_OUTDATED: two revisions behind: ", "audit_events"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say what is missing; it lacks %q:\n%s", want, log)
		}
	}
}
