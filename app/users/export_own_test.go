package users_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
)

const ownExport = "/api/v1/user/export"

// exportOwn requests the export of the caller's data, and reports whether the connection was aborted.
func (a testApp) exportOwn(t *testing.T, method, token string) (response apptest.Response, aborted bool) {
	t.Helper()
	defer func() {
		if reason := recover(); reason == http.ErrAbortHandler { //nolint:errorlint // it is passed to panic as it is
			aborted = true
		} else if reason != nil {
			panic(reason)
		}
	}()
	return a.Send(t, apptest.Request{Method: method, Path: ownExport, Token: token}), false
}

// TestExportOwn checks that the export is the caller's, that it is a security event, and that HEAD is none.
func TestExportOwn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "bob@example.org")
	ann := a.Register(t, "ann@example.org")
	exports := func() int {
		events, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.Exported})
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	for n, method := range []string{http.MethodHead, http.MethodGet} {
		response, _ := a.exportOwn(t, method, ann.Token)
		if cached := response.Header.Get("Cache-Control"); response.Status != http.StatusOK || cached != "no-store" {
			t.Errorf("%s: got %d and Cache-Control %q, want 200 and no-store", method, response.Status, cached)
		}
		if got := exports(); got != n {
			t.Errorf("after %s: got %d security events, want %d", method, got, n)
		}
		if method == http.MethodHead {
			continue
		}
		var got struct {
			Account struct {
				ID    int64  `json:"id"`
				Email string `json:"email"`
			} `json:"account"`
		}
		if err := json.Unmarshal([]byte(response.Body), &got); err != nil || got.Account.ID != ann.ID ||
			got.Account.Email != "ann@example.org" || strings.Contains(response.Body, "bob@") {
			t.Errorf("got %s and error %v, want the account of ann@example.org", response.Body, err)
		}
	}
	a.run(t, "delete", "ann@example.org")
	response, _ := a.exportOwn(t, http.MethodGet, ann.Token)
	response.Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

// TestExportOwnFails makes each statement of an export fail in turn. Before the first byte, that is an error; after it,
// the connection is aborted, so that part of a document cannot be taken for all of it.
func TestExportOwnFails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	failing := apptest.NewFailing(t, a.App)
	errs, aborts := 0, 0
	for n, failed := 1, true; failed; n++ {
		var response apptest.Response
		var aborted bool
		failed = failing.At(n, func() { response, aborted = a.exportOwn(t, http.MethodGet, ann.Token) })
		switch {
		case aborted:
			aborts++
		case response.Status >= http.StatusInternalServerError:
			errs++
		case failed:
			t.Errorf("statement %d failed: got %d %s, want an error or the end of the connection",
				n, response.Status, response.Body)
		case response.Status != http.StatusOK:
			t.Errorf("no statement failed: got %d %s, want 200", response.Status, response.Body)
		}
	}
	if errs == 0 || aborts == 0 {
		t.Errorf("got %d errors and %d aborted connections, want some of each", errs, aborts)
	}
}
