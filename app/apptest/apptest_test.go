package apptest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
)

// endedTest is a test that has failed or passed, and that ends when finish is called.
type endedTest struct {
	testing.TB

	failed   bool
	cleanups []func()
	logged   string
}

func (e *endedTest) Failed() bool           { return e.failed }
func (e *endedTest) Cleanup(cleanup func()) { e.cleanups = append(e.cleanups, cleanup) }
func (e *endedTest) Log(arguments ...any)   { e.logged += fmt.Sprintln(arguments...) }
func (e *endedTest) finish() {
	for _, cleanup := range slices.Backward(e.cleanups) {
		cleanup()
	}
}

// TestFailureShowsWarnings drops a table, as if a migration had not run, so that a request causes a warning. It checks
// that only a failed test shows the warning, and that it shows no other lines.
func TestFailureShowsWarnings(t *testing.T) {
	t.Parallel()
	for _, failed := range []bool{true, false} {
		ended := &endedTest{TB: t, failed: failed}
		a := apptest.New(ended)
		if err := a.DB.Exec("DROP TABLE audit_events").Error; err != nil {
			t.Fatal(err)
		}
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/healthz"})
		a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user",
			Body: `{"email":"ann@example.org","password":"123456"}`}).
			Error(t, http.StatusInternalServerError, "INTERNAL_ERROR")
		ended.finish()
		if shown := strings.Contains(ended.logged, "audit_events"); shown != failed {
			t.Errorf("failed %t: it shows the warnings: %t, want %t: %q", failed, shown, failed, ended.logged)
		}
		if path := "/healthz"; strings.Contains(ended.logged, path) {
			t.Errorf("failed %t: it shows %q, which is not a warning: %q", failed, path, ended.logged)
		}
	}
}
